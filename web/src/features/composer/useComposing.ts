import { useStore } from "../../lib/useStore";
import { clean } from "../../lib/text/cleaning";
import type { Conversation } from "../../realtime/types";
import { useChatClient } from "../session";
import { modesOf, setMode, type EditMode, type Mode } from "./modes";
import { useDraft } from "./useDraft";

export interface Composing {
  readonly mode: Mode | undefined;
  readonly text: string;
  setText(text: string): void;
  leaveMode(): void;
  /** Sends the text as what it is meant for. */
  submit(): void;
}

/** What is being written, and what for. The draft stays as it was while another text for a message is written. */
export function useComposing(conversation: Conversation): Composing {
  const client = useChatClient();
  const { roomId } = conversation;
  const mode = useStore(modesOf(client))[roomId];
  const [draft, setDraft] = useDraft(client.drafts, conversation);
  const text = mode?.kind === "edit" ? mode.text : draft;
  const leaveMode = (): void => setMode(client, roomId, undefined);

  const edit = ({ key, messageId, clientMessageId, before, ...mode }: EditMode): void => {
    const content = clean(text);
    if (content === before) return;
    const item = conversation.getSnapshot().items.find((other) => other.key === key);
    // Reactions are changes, too: what counts is that nobody has written anything else.
    const ifChange = item?.content === before ? item.change : mode.ifChange;
    const known = { messageId: item?.id ?? messageId, clientMessageId };
    client.act(roomId, { kind: "edit", ...known, content, before, ifChange });
  };
  return {
    mode,
    text,
    setText: (next) => {
      if (mode?.kind === "edit") setMode(client, roomId, { ...mode, text: next });
      else setDraft(next);
    },
    leaveMode,
    submit: () => {
      if (mode?.kind === "edit") edit(mode);
      else {
        conversation.send(text, mode?.quote);
        setDraft("");
      }
      leaveMode();
    },
  };
}
