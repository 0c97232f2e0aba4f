// @vitest-environment node
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { findEmoji, loadEmoji, withTone } from "./emojiData";

const textsOf = (emoji: Awaited<ReturnType<typeof loadEmoji>>) => emoji.map(({ text }) => text);

test("emoji are found by their names in one's language, without case and accents", async () => {
  expect(textsOf(findEmoji(await loadEmoji("en"), "Waving hand"))).toContain("👋");
  expect(textsOf(findEmoji(await loadEmoji("es"), "CORAZON rojo"))).toContain("❤️");
  expect(findEmoji(await loadEmoji("en"), "no such thing")).toEqual([]);
});

test("emoji have a tone where there is one", async () => {
  const all = await loadEmoji("en");
  const find = (text: string) => all.find((emoji) => emoji.text === text)!;
  expect([withTone(find("👋"), 3), withTone(find("👋"), 0), withTone(find("🤔"), 3)]).toEqual(["👋🏽", "👋", "🤔"]);
});

test.each(["en", "es"] as const)("the server takes each that is offered in %s", async (locale) => {
  const bare = (text: string) => text.replaceAll("\ufe0f", "");
  const list = readFileSync(new URL("../../../../src/hyred_chat/text/emoji.txt", import.meta.url), "utf8");
  const taken = new Set(list.split("\n").map(bare));
  const offered = (await loadEmoji(locale)).flatMap(({ text, tones }) => [text, ...tones]);
  expect(offered.length).toBeGreaterThan(1_800);
  expect(offered.filter((text) => !taken.has(bare(text)))).toEqual([]);
});
