import { useState } from "react";

import { toChatError, type ChatError } from "../../lib/api/chatError";
import { useStore } from "../../lib/useStore";
import type { NotificationPreferences, PreferenceChange, Preferences, PreferencesState } from "../../realtime/types";
import { useChatClient } from "../session";
import { isSettled } from "./preferences";

/** The same for all who ask. */
export function usePreferences(): PreferencesState {
  return useStore(useChatClient().preferences);
}

/** What somebody wants, once that is known; null when the server could not say. */
export function whenKnown(preferences: Preferences): Promise<NotificationPreferences | null> {
  return new Promise((resolve) => {
    const look = (): void => {
      const state = preferences.getSnapshot();
      if (!isSettled(state)) return;
      end();
      resolve(state.preferences);
    };
    const end = preferences.subscribe(look);
    look();
  });
}

export interface ChoiceMaker {
  choose(choice: PreferenceChange): void;
  /** What became of the last one. */
  readonly state: "idle" | "saving" | "saved" | "failed";
  /** The last one; null before the first. */
  readonly chosen: PreferenceChange | null;
  /** Why one was not stored, until the next is made. */
  readonly error: ChatError | null;
  /** Forgets the failure. */
  forgive(): void;
}

/** Stores choices, one after another. */
export function useChoice(): ChoiceMaker {
  const { preferences } = useChatClient();
  const [error, setError] = useState<ChatError | null>(null);
  const [last, setLast] = useState<Pick<ChoiceMaker, "state" | "chosen">>({ state: "idle", chosen: null });
  const choose = (chosen: PreferenceChange): void => {
    const become = (state: ChoiceMaker["state"]): void =>
      setLast((now) => (now.chosen === chosen ? { state, chosen } : now));
    setError(null);
    setLast({ state: "saving", chosen });
    preferences.choose(chosen).then(
      () => become("saved"),
      (cause: unknown) => {
        setError(toChatError(cause));
        become("failed");
      },
    );
  };
  return { choose, ...last, error, forgive: () => setError(null) };
}
