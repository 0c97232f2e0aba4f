// @vitest-environment node
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { WritableStore } from "../../lib/store";
import type { NotificationsState, RoomsState } from "../../realtime/types";
import { closeWhatIsRead } from "./readNotifications";

type Shown = Pick<Notification, "tag" | "data">;

const rooms = new WritableStore({} as RoomsState);
const notifications = new WritableStore({} as NotificationsState);
let shown: Shown[];
const close = (isMeant: (notification: Notification) => boolean) => {
  shown = shown.filter((notification) => !isMeant(notification as Notification));
  return Promise.resolve();
};
const ends: (() => void)[] = [];
const start = () => ends.push(closeWhatIsRead({ rooms, notifications }, close));
const tags = () => shown.map(({ tag }) => tag);

function read(lastReadSeqs: Record<string, number>): void {
  const list = Object.entries(lastReadSeqs).map(([id, lastReadSeq]) => ({ id, lastReadSeq }));
  rooms.set({ rooms: list } as unknown as RoomsState);
}

function list(...items: { id: string; read: boolean }[]): void {
  notifications.set({ items } as unknown as NotificationsState);
}

function endAll(): void {
  for (const end of ends.splice(0)) end();
}

beforeEach(() => {
  shown = [
    { tag: "n1", data: { chatRoomId: "a", seq: "5" } },
    { tag: "n2", data: { chatRoomId: "b", seq: "2" } },
    { tag: "n3", data: { jobId: "j" } },
  ];
  read({ a: 4, b: 1 });
  list();
});

afterEach(endAll);

describe("what the browser shows", () => {
  test("goes when its messages are read, and stays when there are later ones", () => {
    start();
    expect(tags()).toEqual(["n1", "n2", "n3"]);
    read({ a: 4, b: 2 });
    expect(tags()).toEqual(["n1", "n3"]);
    read({ a: 5, b: 2 });
    expect(tags()).toEqual(["n3"]);
  });

  test("goes at the start when it was read elsewhere", () => {
    read({ a: 9, b: 1 });
    start();
    expect(tags()).toEqual(["n2", "n3"]);
  });

  test("goes when it is read in the list, or withdrawn from it", () => {
    list({ id: "n3", read: false }, { id: "n2", read: false });
    start();
    list({ id: "n3", read: true }, { id: "n2", read: false });
    expect(tags()).toEqual(["n1", "n2"]);
    list();
    expect(tags()).toEqual(["n1"]);
  });

  test("stays once nobody follows any more", () => {
    start();
    endAll();
    read({ a: 9, b: 9 });
    expect(tags()).toHaveLength(3);
  });
});
