import { act, type ReactNode } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { ChatClient, NotificationRecord } from "../../realtime/types";
import { ChatClientProvider } from "../session";
import { createNotification, NotificationList } from "./notification.fixture";
import { NotificationRow } from "./NotificationRow";
import { pageOf, type Guide } from "./target";

const pages = { jobUrl: "https://www.example.com/jobs/{id}", contractUrl: null };
const onNavigate = vi.fn();
const guide: Guide = { onNavigate, addressOf: (target) => pageOf(target, pages) };
let root: Root;
let container: HTMLElement;
let notifications: NotificationList;

beforeEach(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  onNavigate.mockReset();
  container = document.body.appendChild(document.createElement("div"));
  root = createRoot(container);
  notifications = new NotificationList();
});

afterEach(() => {
  act(() => root.unmount());
  container.remove();
});

function show(data: NotificationRecord["data"], shownGuide = guide): void {
  const record = { ...createNotification("n", data), type: "job_match" };
  const row: ReactNode = <NotificationRow notification={record} guide={shownGuide} />;
  notifications.hear(record);
  act(() => {
    root.render(<ChatClientProvider client={{ notifications } as unknown as ChatClient}>{row}</ChatClientProvider>);
  });
}

function click(selector: string): void {
  const element = container.querySelector<HTMLElement>(selector);
  // The page that runs the tests has nowhere to go.
  element?.addEventListener("click", (event) => event.preventDefault());
  act(() => element?.click());
}

const isRead = () => notifications.getSnapshot().items.every(({ read }) => read);

describe("a row of the bell", () => {
  it("is a link to the marketplace's page where there is one, and is read by following it", () => {
    show({ jobId: "17 b" });
    const link = container.querySelector("a");
    expect([link?.href, link?.rel, link?.target]).toEqual(["https://www.example.com/jobs/17%20b", "noopener", ""]);
    expect(container.querySelector("button")).toBeNull();
    click("a");
    expect([isRead(), onNavigate.mock.calls]).toEqual([true, []]);
  });

  it.each([{ contractId: "c" }, { jobId: ".." }, {}])(
    "is text where nothing leads, and has a mark as read: %o",
    (data) => {
      show(data);
      expect(container.querySelectorAll("a, button.hc-notification")).toHaveLength(0);
      expect(container.querySelector("button")?.getAttribute("aria-label")).toBe("Mark as read");
      click(".hc-notification");
      expect(isRead()).toBe(false);
      click("button");
      expect([isRead(), onNavigate.mock.calls]).toEqual([true, []]);
    },
  );

  it.each([
    [{ chatRoomId: "r" }, guide, { kind: "chat", chatRoomId: "r" }],
    [{ contractId: "c" }, { onNavigate }, { kind: "contract", contractId: "c" }],
  ])("is a button where the app or the host leads: %o", (data, shownGuide, target) => {
    show(data, shownGuide);
    click("button.hc-notification");
    expect([isRead(), onNavigate.mock.calls]).toEqual([true, [[target]]]);
  });
});
