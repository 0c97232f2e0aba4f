import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

import { useStoreSelector } from "../../lib/useStore";
import { useChatClient } from "../session";
import { listenToTabs } from "./preferenceTabs";
import { usePreferencesKey } from "./usePreferences";

/** Asks for preferences anew when they may have changed elsewhere: in another tab, or while there was no connection. */
export function useFreshPreferences(): void {
  const queries = useQueryClient();
  const key = usePreferencesKey();
  const isOnline = useStoreSelector(useChatClient().connection, ({ phase }) => phase === "online");
  useEffect(() => {
    if (isOnline) void queries.invalidateQueries({ queryKey: key }, { cancelRefetch: false });
  }, [queries, key, isOnline]);
  useEffect(() => listenToTabs(() => void queries.invalidateQueries({ queryKey: key })), [queries, key]);
}
