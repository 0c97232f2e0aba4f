// @vitest-environment node
import { beforeEach, describe, expect, test } from "vitest";
import { offlineError } from "../lib/api/chatError";
import { settle, setUpConversation } from "./testing/conversationBench";
import { aMessage, aRoom, aRun } from "./testing/samples";
import type { Message } from "./types";

const bench = setUpConversation();
const past = () => bench().model.past;
const span = () => [bench().seqs[0], bench().seqs.at(-1)];

describe("being led to a message", () => {
  beforeEach(async () => {
    bench().serve(aRun(1, 1_000));
    bench().servePages(1_000);
    await bench().open();
  });

  test("far back shows what was said around it, and says which it is", async () => {
    const leading = past().goTo(300, { cameFrom: 990 });
    expect(bench().state).toMatchObject({ isSeeking: true, hasNewer: false });
    await leading;
    expect(span()).toEqual([276, 325]);
    expect(bench().state).toMatchObject({ isSeeking: false, hasNewer: true, hasOlder: true });
    expect(bench().state.target).toEqual({ seq: 300, cameFrom: 990, takesFocus: true });
  });

  test("that is shown fetches nothing, and shows no other messages", async () => {
    const { stretch, items } = bench().state;
    await past().goTo(970);
    expect(bench().state).toMatchObject({ target: { seq: 970 }, stretch, items });
    expect(bench().listMessagesAround).not.toHaveBeenCalled();
  });

  test("of the present leads back from the past without fetching anything", async () => {
    await past().goTo(300);
    await past().goTo(970);
    expect(bench().state).toMatchObject({ hasNewer: false, target: { seq: 970 } });
    expect(bench().listMessagesAround).toHaveBeenCalledOnce();
  });

  test("goes on from there to older and newer ones, and to the present in the end", async () => {
    await past().goTo(840);
    const { stretch } = bench().state;
    await bench().model.loadOlder();
    expect(span()).toEqual([766, 865]);
    await Promise.all([past().loadNewer(), past().loadNewer()]);
    expect(bench().listMessagesAfter.mock.calls).toEqual([["room", 865]]);
    expect(bench().state).toMatchObject({ hasNewer: true, isLoadingNewer: false });
    await past().loadNewer();
    expect(span()).toEqual([766, 1_000]);
    expect(bench().state).toMatchObject({ hasNewer: false, stretch });
    bench().model.hearMessage(aMessage(1_001));
    expect(bench().seqs.at(-1)).toBe(1_001);
  });

  test("shows nothing there of what arrives or waits, which is there when one goes back to the latest", async () => {
    await past().goTo(300);
    bench().model.send("written meanwhile");
    bench().model.hearMessage(aMessage(1_001));
    expect(span()).toEqual([276, 325]);
    const { stretch } = bench().state;
    past().goToLatest();
    expect(bench().seqs.slice(-2)).toEqual([1_001, null]);
    expect(bench().state).toMatchObject({ hasNewer: false, target: null, stretch: stretch + 1 });
  });

  test("counts for the one that was asked for last", async () => {
    let answer: (page: Message[]) => void = () => undefined;
    bench().listMessagesAround.mockReturnValueOnce(new Promise((resolve) => (answer = resolve)));
    const first = past().goTo(300);
    await past().goTo(500);
    answer(aRun(276, 325));
    await first;
    expect(bench().state).toMatchObject({ target: { seq: 500 }, isSeeking: false });
    expect(span()).toEqual([476, 525]);
  });

  test("that cannot be had says so, leaves what is shown, and can be tried again", async () => {
    bench().listMessagesAround.mockRejectedValueOnce(offlineError());
    await past().goTo(300);
    expect(bench().state).toMatchObject({ seekFailure: { code: "offline" }, isSeeking: false, target: null });
    expect(bench().seqs.at(-1)).toBe(1_000);
    await past().goTo(300);
    expect(bench().state).toMatchObject({ seekFailure: null, target: { seq: 300 } });
  });

  test("by a moment leads to the first since then", async () => {
    bench().findMessageBefore.mockResolvedValueOnce(aMessage(299));
    await past().goToMoment("2026-01-01T05:00:00.000Z");
    expect(bench().findMessageBefore).toHaveBeenCalledWith("room", "2026-01-01T05:00:00.000Z");
    expect(bench().state.target).toMatchObject({ seq: 300 });
    bench().findMessageBefore.mockResolvedValueOnce(undefined);
    await past().goToMoment("1970-01-01T00:00:00.000Z");
    expect(bench().state.target).toMatchObject({ seq: 1 });
    bench().findMessageBefore.mockResolvedValueOnce(aMessage(1_000));
    await past().goToMoment("2036-01-01T00:00:00.000Z");
    expect(bench().state).toMatchObject({ target: { seq: 1_000 }, hasNewer: false });
  });

  test("does not ask for newer ones with every frame when they cannot be had", async () => {
    await past().goTo(300);
    bench().listMessagesAfter.mockRejectedValue(offlineError());
    for (let frame = 0; frame < 10; frame++) await past().loadNewer();
    expect(bench().listMessagesAfter).toHaveBeenCalledOnce();
  });

  test("stays the same stretch when its first message changes while the present comes in", async () => {
    await past().goTo(300);
    const { stretch } = bench().state;
    bench().model.hearHistory([aMessage(276, { change: 1, content: "edited" }), ...aRun(950, 1_001)]);
    expect(bench().state).toMatchObject({ hasNewer: true, stretch });
    expect(bench().state.items[0]?.content).toBe("edited");
  });

  test("ends with everything else when the server says to begin anew", async () => {
    await past().goTo(300);
    bench().serve(aRun(1, 1_700));
    bench().services.rooms.put(aRoom({ lastSeq: 1_700 }));
    await settle(150);
    expect(span()).toEqual([1_651, 1_700]);
    expect(bench().state.hasNewer).toBe(false);
  });
});

test("a conversation that is opened to be led to a message shows it before the present has come", async () => {
  bench().serve(aRun(1, 1_000));
  bench().servePages(1_000);
  const join = bench().request.getMockImplementation()!;
  let answer: () => void = () => undefined;
  const wait = new Promise<void>((resolve) => (answer = resolve));
  bench().request.mockImplementation((event, payload) => wait.then(() => join(event, payload)));
  const opening = bench().make().open();
  await past().goTo(300);
  expect(bench().state).toMatchObject({ target: { seq: 300 }, hasNewer: true });
  answer();
  await opening;
  await settle();
  expect(span()).toEqual([276, 325]);
  expect(bench().state.phase).toBe("ready");
  past().goToLatest();
  expect(bench().seqs.at(-1)).toBe(1_000);
});
