/** Figures for docs/web.md that take long to take: MEASURE=1, on a machine that does nothing else. */
import type { CDPSession } from "playwright-core";
import { describe, expect } from "vitest";

import { Correspondent } from "../harness/correspondent";
import { WITH_WORKER } from "../harness/devices";
import { makePhoto } from "../harness/files";
import { pointAtMessages, settle, turnWheel, whenAbove } from "../harness/history";
import { measure } from "../harness/journey";
import {
  median,
  percentile,
  print,
  sendAtOnce,
  watchChoice,
  watchFrames,
  watchPicture,
  watchShifts,
} from "../harness/measures";
import type { Screen } from "../harness/screen";
import { whenCached } from "../harness/storage";
import { livelyConversation, longConversation, textOf } from "../harness/talk";
import { chooseFiles } from "../harness/uploads";
import { eventually, seen } from "../harness/waiting";

const MESSAGES = 10_000;
/** Ten thousand messages, with as many reactions. */
const WRITING_MS = 600_000;
const KEPT_MESSAGES = 1_000;
/** A quick hand on the wheel. */
const SCROLL = { yDistance: 6_000, speed: 6_000 };
const GESTURES = 40;
const FRAME_MS = 1000 / 60;
const ARRIVALS = 30;
const TURNS = 60;
const WHEEL = 550;

const PHOTOS = 7;
/** Of a phone: about 3 MB. */
const PHOTO = { width: 4_000, height: 3_000, grain: 14 };

describe("a photograph of 3 MB", () => {
  measure("is on the other screen soon after it was chosen", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const left = await devices.openConversation(va, company, roomId);
    const right = await devices.openConversation(company, va, roomId);
    const [placeholders, previews]: [number[], number[]] = [[], []];
    for (let number = 0; number <= PHOTOS; number++) {
      const photo = await makePhoto(`${number}.jpg`, { ...PHOTO, seed: number });
      if (number === 1)
        print("the photograph", `${(photo.bytes.length / 1e6).toFixed(1)} MB, ${PHOTO.width}×${PHOTO.height}`);
      const chosenAt = await watchChoice(left.page);
      const seenAt = await watchPicture(right.page);
      await chooseFiles(left, [photo]);
      await sendAtOnce(left.page);
      const moments = await seenAt();
      // The first loads what shows and sends files.
      if (number === 0) continue;
      placeholders.push(moments.placeholder - (await chosenAt()));
      previews.push(moments.preview - (await chosenAt()));
    }
    const words = (times: readonly number[]): string =>
      `median ${median(times).toFixed(0)} ms, most ${Math.max(...times).toFixed(0)} ms`;
    print("from the choice to the other's placeholder", words(placeholders));
    print("from the choice to the other's preview", words(previews));
  });
});

describe("a conversation", () => {
  measure.for([
    { what: "messages", converse: longConversation },
    { what: "messages with answers and reactions", converse: livelyConversation },
  ])(
    `of ${MESSAGES} $what scrolls smoothly`,
    { timeout: WRITING_MS },
    async ({ converse }, { devices, host, server }) => {
      const { va, company, roomId } = await converse(host, server, MESSAGES);
      const screen = await devices.openConversation(va, company, roomId);
      await seen(screen.message(textOf(MESSAGES)));
      await settle(screen);
      const session = await screen.page.context().newCDPSession(screen.page);
      const frames = await watchFrames(screen.page, "[role=log]");
      for (let gesture = 0; gesture < GESTURES; gesture++) await scrollUp(session, screen);
      const times = await frames();
      const share = (limit: number): string =>
        `${((times.filter((time) => time > limit).length / times.length) * 100).toFixed(1)} %`;
      const reached = (await screen.renderedSeqs())[0] ?? MESSAGES;
      print("scrolled through", `${MESSAGES - reached} messages in ${times.length} frames`);
      print("a frame", `median ${median(times).toFixed(1)} ms, 95 % ${percentile(times, 0.95).toFixed(1)} ms`);
      // A frame's time is known to the tenth of a millisecond.
      print("frames later than 1/60 s", share(FRAME_MS + 0.5));
      print("frames later than 1/30 s", share(2 * FRAME_MS + 0.5));
      expect(median(times)).toBeLessThan(FRAME_MS + 0.5);
    },
  );

  measure("shifts nothing while messages arrive", async ({ devices, host, server }) => {
    const { va, company, roomId } = await longConversation(host, server, 1_000);
    const writer = await Correspondent.connect(server, company);
    const screen = await devices.openConversation(va, company, roomId);
    await seen(screen.message(textOf(1_000)));
    await settle(screen);
    await pointAtMessages(screen);
    const shifts = await watchShifts(screen.page);
    const send = async (where: string): Promise<void> => {
      for (let count = 1; count <= ARRIVALS; count++) await writer.send(roomId, `${where} ${count}.`);
      await seen(screen.entry(company.name).filter({ hasText: `${where} ${ARRIVALS}.` }));
      await settle(screen);
    };
    await send("at the reader's place");
    // By turns, with a rest after each: Chromium counts what is put in above in the frame of a turn of the wheel.
    for (let turn = 0; turn < TURNS; turn++) {
      await turnWheel(screen, -WHEEL);
      await whenAbove(screen, WHEEL);
      await settle(screen);
    }
    const reached = (await screen.renderedSeqs())[0] ?? 0;
    await send("below the reader");
    const all = await shifts();
    print(`layout shift, ${2 * ARRIVALS} arrive below, ${1_000 - reached} are loaded above`, sum(all).toFixed(6));
    for (const { value, what } of all) print(`  ${value.toFixed(6)}`, what);
    // A counter that gets a second digit is wider than before.
    expect(sum(all)).toBeLessThan(0.0001);
    writer.close();
  });

  measure(`of ${KEPT_MESSAGES} messages takes little of the device`, async ({ devices, host, server }) => {
    const { va, company, roomId } = await longConversation(host, server, KEPT_MESSAGES);
    const screen = await devices.openConversation(va, company, roomId, WITH_WORKER);
    await seen(screen.message(textOf(KEPT_MESSAGES)));
    await whenCached(screen, textOf(KEPT_MESSAGES));
    await screen.whenComplete();
    const session = await screen.page.context().newCDPSession(screen.page);
    const look = () => session.send("Storage.getUsageAndQuota", { origin: server.url });
    await eventually(async () => (await look()).usage).toBeGreaterThan(0);
    for (const { storageType, usage } of (await look()).usageBreakdown) {
      if (usage > 0) print(`kept on the device, ${storageType}`, `${Math.round(usage / 1024)} KiB`);
    }
  });
});

async function scrollUp(session: CDPSession, screen: Screen): Promise<void> {
  const box = await screen.log.boundingBox();
  if (box === null) throw new Error("The messages are not on the screen.");
  const [x, y] = [Math.round(box.x + box.width / 2), Math.round(box.y + box.height / 2)];
  await session.send("Input.synthesizeScrollGesture", {
    x,
    y,
    ...SCROLL,
    gestureSourceType: "mouse",
  });
}

function sum(shifts: readonly { readonly value: number }[]): number {
  return shifts.reduce((all, { value }) => all + value, 0);
}
