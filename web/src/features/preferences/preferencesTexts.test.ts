import { expect, it } from "vitest";

import { preferencesEn } from "../../lib/i18n/messages/preferences.en";
import { preferencesEs } from "../../lib/i18n/messages/preferences.es";

it.each(Object.keys(preferencesEn) as (keyof typeof preferencesEn)[])(
  "says %s in every language, with the same placeholders",
  (key) => {
    const [en, es] = [preferencesEn[key], preferencesEs[key]].map((text) => (text.match(/\{\w+\}/g) ?? []).sort());
    expect(es).toEqual(en);
    expect(preferencesEs[key].trim()).not.toBe("");
  },
);
