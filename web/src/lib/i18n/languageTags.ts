/**
 * Language tags as devices name them: BCP 47 (“en-GB”), but also what a system's environment says (“en_US.UTF-8”,
 * “en-US@posix”, “C”). None of them may keep the app from opening.
 */

/** The language of a tag, in lower case (“en”); null when the tag names none. */
export function languageOf(tag: unknown): string | null {
  const found = typeof tag === "string" ? /^\s*([a-z]{2,3})(?![a-z0-9])/i.exec(tag) : null;
  return found?.[1]?.toLowerCase() ?? null;
}

/** The tag in the form that `Intl` takes; null when there is none. */
export function toStandardTag(tag: string): string | null {
  const bare = tag.trim().replace(/[.@].*$/su, "");
  try {
    return Intl.getCanonicalLocales(bare.replaceAll("_", "-"))[0] ?? null;
  } catch {
    return null;
  }
}

/** What is used here of `navigator`. */
interface Languages {
  readonly languages?: unknown;
  readonly language?: unknown;
}

/** What the browser says of its person's languages, the most wanted first. Never throws; it may be empty. */
export function browserLanguages(from: Languages = findNavigator()): readonly string[] {
  const listed: readonly unknown[] = Array.isArray(from.languages) ? from.languages : [];
  return [...listed, from.language].filter((tag) => typeof tag === "string");
}

/** Where pages are rendered on a server, there is none. */
function findNavigator(): Languages {
  return (globalThis as { navigator?: Languages }).navigator ?? {};
}
