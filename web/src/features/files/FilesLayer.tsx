import { useEffect, useMemo, useRef, type ReactNode } from "react";
import { useStore } from "../../lib/useStore";
import type { Conversation, ConversationState } from "../../realtime/types";
import { isSeen } from "./frame";
import { thePlayer } from "./player";
import { useSources } from "./useSources";
import { trackOf } from "./useTrack";
import { viewed } from "./viewing";
import { Viewer, type Entry } from "./Viewer";

interface FilesLayerProps {
  readonly conversation: Conversation;
  readonly state: ConversationState;
}

/** Over the messages: the picture that somebody looks at; and which voice message comes after the one that is heard. */
export function FilesLayer({ conversation, state }: FilesLayerProps): ReactNode {
  const { roomId } = conversation;
  const request = useStore(viewed);
  const entries = useMemo(() => (request?.roomId === roomId ? entriesOf(state, roomId) : []), [request, state, roomId]);
  useListening(state, roomId);
  useEffect(
    () => () => {
      viewed.set(null);
      thePlayer().stop();
    },
    [],
  );
  if (request?.roomId !== roomId || entries.length === 0) return null;
  return (
    <Viewer
      key={request.fileId}
      entries={entries}
      startId={request.fileId}
      from={request.from}
      onClose={() => viewed.set(null)}
      onGoTo={(seq) => void conversation.goTo(seq)}
    />
  );
}

/** All that there is to see in the messages that are loaded, the oldest first. */
function entriesOf({ items }: ConversationState, roomId: string): readonly Entry[] {
  return items.flatMap(({ id, seq, attachments, sender, createdAt, deletedAt }) => {
    if (id === null || seq === null || deletedAt !== null) return [];
    const place = { roomId, messageId: id, seq };
    return attachments.filter(isSeen).map((file) => ({ file, place, sender, createdAt }));
  });
}

/** What was spoken goes on with what the same person has said next. */
function useListening(state: ConversationState, roomId: string): void {
  const sources = useSources();
  const items = useRef(state.items);
  useEffect(() => {
    items.current = state.items;
  });
  useEffect(() => {
    const player = thePlayer();
    player.next = (fileId) => {
      const voices = items.current.flatMap(({ id, seq, attachments, senderId }) =>
        id === null || seq === null
          ? []
          : attachments
              .filter(({ kind }) => kind === "voice")
              .map((file) => ({ file, senderId, place: { roomId, messageId: id, seq } })),
      );
      const index = voices.findIndex(({ file }) => file.id === fileId);
      const next = voices.slice(index + 1).find(({ senderId }) => senderId === voices[index]?.senderId);
      return index < 0 || next === undefined ? null : trackOf(sources, next.place, next.file);
    };
    return () => {
      player.next = () => null;
    };
  }, [sources, roomId]);
}
