import { describe, expect, it } from "vitest";

import { browserLanguages, languageOf, toStandardTag } from "./languageTags";

/** As they come from browsers, from systems without a language, and from those who type them themselves. */
const odd = ["en-US@posix", "en_US.UTF-8", "en_GB", "EN", " en-us ", "en-", "en-US-u-hc-h99", "en_US@euro", "en-x"];
const none = ["C", "POSIX", "C.UTF-8", "", "*", "-", "undefined", "null", "i-klingon", "x-private", "e", "😀", "123"];

describe("a language tag", () => {
  it.each(odd)("%s names English, and has a form that Intl takes or none", (tag) => {
    expect(languageOf(tag)).toBe("en");
    const standard = toStandardTag(tag);
    if (standard !== null) expect(() => new Intl.DateTimeFormat(standard)).not.toThrow();
  });

  it.each(none)("%j names no language, and is no fault", (tag) => {
    expect(languageOf(tag)).toBeNull();
    expect(() => toStandardTag(tag)).not.toThrow();
  });

  it("keeps its region when it is written as a system writes it", () => {
    expect(["en_GB.UTF-8", "es_MX", "en-us"].map(toStandardTag)).toEqual(["en-GB", "es-MX", "en-US"]);
  });
});

describe("browserLanguages", () => {
  it.each([
    [{}, []],
    [{ languages: [] }, []],
    [{ languages: null, language: null }, []],
    [{ languages: undefined, language: "es" }, ["es"]],
    [{ languages: [7, "en"], language: "" }, ["en", ""]],
  ])("of %o are %o", (from, expected) => {
    expect(browserLanguages(from)).toEqual(expected);
  });
});
