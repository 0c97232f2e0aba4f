import { useMutation, useMutationState, useQuery, useQueryClient, type QueryKey } from "@tanstack/react-query";
import { useMemo, useState } from "react";

import { toChatError, type ChatError } from "../../lib/api/chatError";
import { useStore } from "../../lib/useStore";
import type { NotificationPreferences, PreferenceRequests } from "../../realtime/types";
import { useChatClient } from "../session";
import { tellOtherTabs } from "./preferenceTabs";
import { applyChoice, type Choice } from "./preferences";

export interface PreferencesView {
  /** Null until they are known. */
  readonly preferences: NotificationPreferences | null;
  /** Why they are not known. */
  readonly error: ChatError | null;
  retry(): void;
}

/** The same for all who ask, as they will be when all that was chosen is stored; what is refused, was never there. */
export function usePreferences(): PreferencesView {
  const { preferences } = useChatClient();
  const key = usePreferencesKey();
  const query = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => preferences.getPreferences(signal),
    enabled: key[1] !== null,
    refetchOnWindowFocus: "always", // they may have been changed on another device
  });
  const choices = useMutationState<Choice>({
    filters: { mutationKey: key, status: "pending" },
    select: (mutation) => mutation.state.variables as Choice,
  });
  const shown = useMemo(
    () => (query.data === undefined ? null : choices.reduce(applyChoice, query.data)),
    [query.data, choices],
  );
  return {
    preferences: shown,
    error: query.data === undefined && query.error !== null ? toChatError(query.error) : null,
    retry: () => void query.refetch(),
  };
}

export interface ChoiceMaker {
  choose(choice: Choice): void;
  /** What became of the last one. */
  readonly state: "idle" | "saving" | "saved" | "failed";
  /** The last one; null before the first. */
  readonly chosen: Choice | null;
  /** Why one was not stored, until the next is made. */
  readonly error: ChatError | null;
  /** Forgets the failure. */
  forgive(): void;
}

/** Stores choices, one after another. */
export function useChoice(): ChoiceMaker {
  const { preferences } = useChatClient();
  const key = usePreferencesKey();
  const queries = useQueryClient();
  const [error, setError] = useState<ChatError | null>(null);
  const mutation = useMutation({
    mutationKey: key,
    scope: { id: "preferences" },
    networkMode: "always",
    mutationFn: (choice: Choice) => store(preferences, choice),
    onMutate: () => setError(null),
    onError: (cause) => setError(toChatError(cause)),
    onSuccess: async (change) => {
      // What was asked for before does not know of it.
      await queries.cancelQueries({ queryKey: key });
      queries.setQueryData<NotificationPreferences>(key, (known) => known && change(known));
      if (queries.getQueryData(key) === undefined) void queries.invalidateQueries({ queryKey: key });
      tellOtherTabs();
    },
  });
  return {
    choose: (choice) => mutation.mutate(choice),
    state: ({ idle: "idle", pending: "saving", success: "saved", error: "failed" } as const)[mutation.status],
    chosen: mutation.variables ?? null,
    error,
    forgive: () => setError(null),
  };
}

/** Tells the server; returns what its answer makes of the preferences that are known. */
async function store(
  requests: PreferenceRequests,
  choice: Choice,
): Promise<(known: NotificationPreferences) => NotificationPreferences> {
  if (choice.kind === "change") {
    const stored = await requests.putPreferences(choice.change);
    return () => stored;
  }
  const until = await requests.muteRoom(choice.roomId, choice.until);
  return (known) => applyChoice(known, { ...choice, until });
}

/** One person's are nothing for the next. */
export function usePreferencesKey(): QueryKey & readonly [string, string | null] {
  const id = useStore(useChatClient().me)?.id ?? null;
  return useMemo(() => ["preferences", id] as const, [id]);
}
