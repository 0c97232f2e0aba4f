// @vitest-environment node
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

import { describeError } from "./describeError";
import { errorsEn } from "./messages/errors.en";
import { translators } from "./translators.fixture";

const SOURCES = join(import.meta.dirname, "../..");
const SERVER = join(SOURCES, "../../src/hyred_chat");

function filesIn(folder: string, ...endings: readonly string[]): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return names.filter((name) => endings.some((ending) => name.endsWith(ending)));
}

/** Every code that a refusal of the server carries, as its sources name them. */
function codesOfServer(): string[] {
  const found = filesIn(SERVER, ".py").flatMap((name) => {
    const refusals = readFileSync(join(SERVER, name), "utf8").matchAll(
      /^ {4}code(?:, status)?(?:: ClassVar\[str\])? = "([a-z_]+)"/gm,
    );
    return [...refusals].map(([, code]) => code ?? "");
  });
  return [...new Set(found)].sort();
}

describe("a refusal", () => {
  it.each([...codesOfServer(), "offline", "timeout"])(
    "of the code %s has words of its own in every language",
    (code) => {
      expect(Object.keys(errorsEn)).toContain(`error.${code}`);
      const [en, es] = [translators.en, translators.es].map((t) => describeError({ code }, t));
      expect(en).not.toBe(translators.en("error.unknown"));
      expect(es).not.toBe(translators.es("error.unknown"));
      expect(es).not.toBe(en);
    },
  );

  it("is looked for in the server's sources, and found there", () => {
    expect(codesOfServer()).toEqual(
      expect.arrayContaining(["bad_request", "internal", "rate_limited", "room_blocked"]),
    );
  });

  it.each(["teapot", "", "constructor", "__proto__", "unknown"])(
    "of a code that is not known (%j) is said in general words",
    (code) => {
      expect(describeError({ code }, translators.es)).toBe(translators.es("error.unknown"));
    },
  );
});

describe("a view", () => {
  const views = ["ui", "features", "app", "library"]
    .flatMap((folder) => filesIn(join(SOURCES, folder), ".ts", ".tsx").map((name) => join(folder, name)))
    // Firebase's codes come as sentences.
    .filter((name) => !name.includes(".test.") && !name.endsWith("firebaseApi.ts"));

  it.each(views)("never shows the server's sentence: %s", (name) => {
    expect(readFileSync(join(SOURCES, name), "utf8")).not.toMatch(
      /\b(error|cause|failure|refusal)\)?[?!]?\.message\b/i,
    );
  });
});
