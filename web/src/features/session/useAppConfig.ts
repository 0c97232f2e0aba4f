import { useEffect } from "react";

import { tryTwice } from "../../lib/api/tryTwice";
import { WritableStore } from "../../lib/store";
import { useStore } from "../../lib/useStore";
import { loadAppConfig, type AppConfig } from "./appConfig";

interface Settings {
  /** Null until it has come. */
  readonly config: AppConfig | null;
  /** It could not be had. */
  readonly hasFailed: boolean;
}

const settings = new WritableStore<Settings>({ config: null, hasFailed: false });
let isLoading = false;

/** Asks for the settings, unless they are there or on their way. */
export function loadSettings(): void {
  if (isLoading || settings.getSnapshot().config !== null) return;
  isLoading = true;
  settings.set({ config: null, hasFailed: false });
  void tryTwice(loadAppConfig)
    .then(
      (config) => settings.set({ config, hasFailed: false }),
      () => settings.set({ config: null, hasFailed: true }),
    )
    .finally(() => {
      isLoading = false;
    });
}

/** What the server tells the page at start; asked for once. */
export function useAppConfig(): Settings {
  useEffect(loadSettings, []);
  return useStore(settings);
}
