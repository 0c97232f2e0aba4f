import { beforeEach, describe, expect, it, vi } from "vitest";

import { localeStore } from "./locale";
import { loadWantedLocale, setLocale, translatorOf } from "./translate";

beforeEach(async () => {
  localStorage.clear();
  await setLocale("en");
  localStorage.clear();
});

describe("the language of the page", () => {
  it("changes once its texts are there, and is kept for the next time", async () => {
    const choosing = setLocale("es");
    expect(localeStore.getSnapshot()).toBe("en");
    await choosing;
    expect(localeStore.getSnapshot()).toBe("es");
    expect(translatorOf("es")("list.noMessages")).toBe("Aún no hay mensajes");
    expect(localStorage.getItem("hyred.locale")).toBe("es");
  });

  it("is the one that was chosen last, whichever texts come first", async () => {
    await Promise.all([setLocale("es"), setLocale("en")]);
    expect(localeStore.getSnapshot()).toBe("en");
  });

  it.each([
    [["es_MX.UTF-8", "en"], "es"],
    [["en-US@posix", "es"], "en"],
    [["C"], "en"],
    [[], "en"],
    [undefined, "en"],
  ])("is found among what the browser says of its languages: %j", async (languages, expected) => {
    vi.spyOn(navigator, "languages", "get").mockReturnValue(languages as readonly string[]);
    await loadWantedLocale();
    expect(localeStore.getSnapshot()).toBe(expected);
  });
});
