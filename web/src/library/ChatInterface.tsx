import "./styles";

import { useMemo, type ReactNode } from "react";

import { ConnectionStatus } from "../features/connection";
import { RoomOpener } from "../features/people";
import { Words } from "../features/rooms";
import { ConversationPane } from "./ConversationPane";
import { Part } from "./Part";

export interface ChatInterfaceProps {
  readonly roomId: string;
  /** Back to the list, where both do not fit beside each other. */
  readonly onBack?: () => void;
  /** Somebody asks what the conversation is. Without it, the chat shows that itself: people, files and what is pinned. */
  readonly onShowProfile?: () => void;
  /**
   * Somebody goes to another conversation from here, as from a profile; null: they have left this one, a group. Without
   * it, nothing leads to other conversations.
   */
  readonly onRoomChange?: (roomId: string | null) => void;
  /** The code points of the longest message, if the server allows other than 1,000. */
  readonly maxMessageChars?: number;
}

/** One conversation: its messages, and where to answer. */
export function ChatInterface({ onRoomChange, ...conversation }: ChatInterfaceProps): ReactNode {
  const { roomId } = conversation;
  const opener = useMemo(
    () => onRoomChange && { open: onRoomChange, leave: (left: string) => left === roomId && onRoomChange(null) },
    [onRoomChange, roomId],
  );
  return (
    <RoomOpener value={opener ?? null}>
      <Part name="conversation">
        <ConversationPane {...conversation} />
        <ConnectionStatus />
        <Words />
      </Part>
    </RoomOpener>
  );
}
