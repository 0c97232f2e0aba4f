import type { ReactNode } from "react";
import type { ConversationItem } from "../../realtime/types";
import { isPlain, useWriting } from "../writing";
import { useMentioned } from "./mentioned";

/** A message's words: as its marks say, and with its addresses as links, when there are any. */
export function MessageText({ item }: { readonly item: ConversationItem }): ReactNode {
  const { content, mentions } = item;
  const isDrawn = !isPlain(content);
  const { parts } = useWriting(isDrawn);
  const mentioned = useMentioned(mentions);
  return isDrawn && parts !== null ? <parts.FormattedText text={content} mentions={mentioned} /> : content;
}
