import { act } from "react";
import { beforeEach, expect, it, vi } from "vitest";

import { WritableStore } from "../../lib/store";
import { ViewBench } from "../../lib/viewBench.fixture";
import type { ChatClient, Room } from "../../realtime/types";
import { snack } from "../../ui/snacks";
import { ChatClientProvider } from "../session";
import { GroupPicture } from "./GroupPicture";

const room = { id: "r1", otherParticipant: { id: "r1", name: "Spring", avatar: "/a.png", role: "group" } };
const request = vi.fn(() => Promise.resolve({ data: room, nextCursor: null }));
const connection = new WritableStore({ phase: "online" });
const client = { connection, server: { request, putRoom: () => undefined } } as unknown as ChatClient;
const view = new ViewBench();

beforeEach(() => {
  snack.set(null);
  // jsdom has none.
  Object.assign(HTMLElement.prototype, { showPopover: () => undefined, hidePopover: () => undefined });
});

async function removeIn(Place: "dialog" | "aside"): Promise<void> {
  const picture = <GroupPicture room={room as unknown as Room}>picture</GroupPicture>;
  view.show(
    <ChatClientProvider client={client}>
      <Place>{picture}</Place>
    </ChatClientProvider>,
  );
  act(() => view.container.querySelector<HTMLElement>(".hc-picture-button")?.click());
  act(() => [...document.querySelectorAll<HTMLElement>("[role=menuitem]")].at(-1)?.click());
  await view.settle();
}

const told = () => [view.container.querySelector("[role=status]")?.textContent, snack.getSnapshot()?.text ?? ""];

it("tells of its change below it where a dialog hides the bottom of the page", async () => {
  await removeIn("dialog");
  expect(told()).toEqual(["The group has no picture any more", ""]);
});

it("tells of its change at the bottom of the page elsewhere", async () => {
  await removeIn("aside");
  expect(told()).toEqual(["", "The group has no picture any more"]);
});
