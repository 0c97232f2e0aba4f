import { act, type ReactNode } from "react";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { ViewBench } from "../../lib/viewBench.fixture";
import type { ChatClient, NotificationRecord } from "../../realtime/types";
import { ChatClientProvider } from "../session";
import { createNotification, NotificationList } from "./notification.fixture";
import { NotificationRow } from "./NotificationRow";
import { pageOf, type Guide } from "./target";

const pages = { jobUrl: "https://www.example.com/jobs/{id}", contractUrl: null };
const onNavigate = vi.fn();
const guide: Guide = { onNavigate, addressOf: (target) => pageOf(target, pages) };
const view = new ViewBench();
let notifications: NotificationList;

beforeEach(() => {
  onNavigate.mockReset();
  notifications = new NotificationList();
});

function show(data: NotificationRecord["data"], shownGuide = guide): void {
  const record = { ...createNotification("n", data), type: "job_match" };
  const row: ReactNode = <NotificationRow notification={record} guide={shownGuide} />;
  notifications.hear(record);
  view.show(<ChatClientProvider client={{ notifications } as unknown as ChatClient}>{row}</ChatClientProvider>);
}

function click(selector: string): void {
  const element = view.container.querySelector<HTMLElement>(selector);
  // The page that runs the tests has nowhere to go.
  element?.addEventListener("click", (event) => event.preventDefault());
  act(() => element?.click());
}

const isRead = () => notifications.getSnapshot().items.every(({ read }) => read);

describe("a row of the bell", () => {
  it("is a link to the marketplace's page where there is one, and is read by following it", () => {
    show({ jobId: "17 b" });
    const link = view.container.querySelector("a");
    expect([link?.href, link?.rel, link?.target]).toEqual(["https://www.example.com/jobs/17%20b", "noopener", ""]);
    expect(view.container.querySelector("button")).toBeNull();
    click("a");
    expect([isRead(), onNavigate.mock.calls]).toEqual([true, []]);
  });

  it.each([{ contractId: "c" }, { jobId: ".." }, {}])(
    "is text where nothing leads, and has a mark as read: %o",
    (data) => {
      show(data);
      expect(view.container.querySelectorAll("a, button.hc-notification")).toHaveLength(0);
      expect(view.container.querySelector("button")?.getAttribute("aria-label")).toBe("Mark as read");
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
