import { WritableStore, type Store } from "../lib/store";

export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

const storageKey = "hyred.theme";
const chosen = new WritableStore<Theme>(findStoredTheme() ?? "system");

/** Light, dark, or as the system prefers; chosen for this device. */
export const themeStore: Store<Theme> = chosen;

export function setTheme(theme: Theme): void {
  chosen.set(theme);
  showTheme(theme);
  try {
    localStorage.setItem(storageKey, theme);
  } catch {
    // A browser that keeps nothing still shows the theme until the page goes.
  }
}

/** Puts the chosen theme on the page; called before the first render, so that nothing flashes. */
export function applyTheme(): void {
  showTheme(chosen.getSnapshot());
}

function showTheme(theme: Theme): void {
  const root = document.documentElement;
  if (theme === "system") delete root.dataset.theme;
  else root.dataset.theme = theme;
  for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) {
    const scheme = theme === "system" ? (meta.dataset.scheme ?? "light") : theme;
    meta.content = scheme === "dark" ? "#121918" : "#ffffff";
  }
}

function findStoredTheme(): Theme | null {
  try {
    const stored = localStorage.getItem(storageKey);
    return themes.find((theme) => theme === stored) ?? null;
  } catch {
    return null;
  }
}
