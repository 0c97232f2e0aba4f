import { use, useMemo } from "react";
import type { FilePlace } from "../../realtime/keptFiles";
import type { ChatClient, ConversationItem } from "../../realtime/types";
import { ImageBaseContext } from "../../ui/imageBase";
import { useChatClient } from "../session";
import { FileSources } from "./sources";

const all = new WeakMap<ChatClient, FileSources>();

/** Where the bytes of files come from: one for all views of a client. */
export function useSources(): FileSources {
  const client = useChatClient();
  const base = use(ImageBaseContext);
  return sourcesOf(client, base);
}

function sourcesOf(client: ChatClient, base: string): FileSources {
  const known = all.get(client) ?? new FileSources(client, base);
  all.set(client, known);
  return known;
}

/** Which message a file belongs to; null as long as the server has not got it, or has not said where it stands. */
export function usePlace(roomId: string, { id, seq }: Pick<ConversationItem, "id" | "seq">): FilePlace | null {
  return useMemo(() => (id === null || seq === null ? null : { roomId, messageId: id, seq }), [roomId, id, seq]);
}
