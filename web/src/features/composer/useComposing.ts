import { clean } from "../../lib/text/cleaning";
import { mentionedIn } from "../../lib/text/mentions";
import type { Conversation, EditMode, Quote, WritingMode } from "../../realtime/types";
import { useChatClient } from "../session";
import { replyTo, useMode } from "./modes";
import { useDraft } from "./useDraft";

export interface Composing {
  readonly mode: WritingMode | null;
  readonly text: string;
  setText(text: string): void;
  leaveMode(): void;
  /** Sends the text as what it is meant for, with files; `chosen`: whom to take of several members of one name. */
  submit(chosen: readonly string[], fileIds: readonly string[]): void;
  /** Sends files without words, as an answer where that is what is meant. The text stays. */
  sendFiles(fileIds: readonly string[]): void;
}

/** What is being written, and what for. The draft stays as it was while another text for a message is written. */
export function useComposing(conversation: Conversation): Composing {
  const client = useChatClient();
  const { roomId } = conversation;
  const mode = useMode(roomId);
  const [draft, setDraft] = useDraft(client.drafts, conversation);
  const text = mode?.kind === "edit" ? mode.text : draft;
  const setMode = (next: WritingMode | null): void => client.drafts.setMode(roomId, next);
  const find = (key: string) => conversation.getSnapshot().items.find((item) => item.key === key);
  const membersIn = (content: string, chosen: readonly string[]): readonly string[] =>
    mentionedIn(content, conversation.getSnapshot().room?.members ?? [], chosen);

  const edit = ({ key, messageId, clientMessageId, before, ...mode }: EditMode, chosen: readonly string[]): void => {
    const content = clean(text);
    if (content === before) return;
    const item = find(key);
    // Reactions are changes, too: what counts is that nobody has written anything else.
    const ifChange = item?.content === before ? item.change : mode.ifChange;
    const known = { messageId: item?.id ?? messageId, clientMessageId };
    const mentions = membersIn(content, [...chosen, ...(item?.mentions ?? [])]);
    client.act(roomId, { kind: "edit", ...known, content, before, ifChange, mentions });
  };
  const quoteOf = (reply: WritingMode | null): Quote | undefined => {
    if (reply?.kind !== "reply") return undefined;
    const item = find(reply.key);
    return (item && replyTo(item)?.quote) ?? reply.quote;
  };
  const send = (chosen: readonly string[], fileIds: readonly string[]): void => {
    conversation.send(text, quoteOf(mode), membersIn(clean(text), chosen), fileIds);
    setDraft("");
  };
  return {
    mode,
    text,
    setText: (next) => {
      if (mode?.kind === "edit") setMode({ ...mode, text: next });
      else setDraft(next);
    },
    leaveMode: () => setMode(null),
    submit: (chosen, fileIds) => {
      if (mode?.kind === "edit") edit(mode, chosen);
      else send(chosen, fileIds);
      setMode(null);
    },
    sendFiles: (fileIds) => {
      conversation.send("", quoteOf(mode), [], fileIds);
      setMode(null);
    },
  };
}
