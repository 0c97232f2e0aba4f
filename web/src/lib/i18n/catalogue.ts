import { isolate } from "../text/isolation";

/** How texts are written down: a sentence with `{placeholders}`, or one sentence for each plural form, chosen by `{count}`. */
export type Plural = { readonly other: string } & Readonly<Partial<Record<Intl.LDMLPluralRule, string>>>;
export type Text = string | Plural;
export type Catalogue = Readonly<Record<string, Text>>;

/** The same keys in another language, with the same kind of text behind each. A missing key is a type error. */
export type TranslationOf<C extends Catalogue> = { readonly [K in keyof C]: C[K] extends string ? string : Plural };

type Placeholders<S> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Placeholders<Rest> : never;
type NamesIn<T> = T extends string ? Placeholders<T> : Placeholders<T[keyof T]> | "count";

export type Params = Readonly<Record<string, string | number>>;

/** What `t` wants besides the key: nothing, or a value for each placeholder of the English text. */
export type ParamsOf<T> = [NamesIn<T>] extends [never] ? [] : [params: Readonly<Record<NamesIn<T>, string | number>>];

/**
 * The text in words: plural form chosen, numbers written as the language writes them, and texts filled in so that none of
 * them turns the sentence around it.
 */
export function fillText(text: Text, params: Params, locale: string): string {
  const sentence = typeof text === "string" ? text : choosePlural(text, Number(params.count), locale);
  return sentence.replace(/\{(\w+)\}/g, (placeholder, name: string) => {
    const value = params[name];
    if (value === undefined) return placeholder;
    return typeof value === "number" ? new Intl.NumberFormat(locale).format(value) : isolate(value);
  });
}

function choosePlural(text: Plural, count: number, locale: string): string {
  return text[new Intl.PluralRules(locale).select(count)] ?? text.other;
}
