import "./styles";

import type { ReactNode } from "react";

import { ConversationView } from "../features/conversation";
import { ConnectionStatus } from "../features/connection";
import { Words } from "../features/rooms";
import { Part } from "./Part";

export interface ChatInterfaceProps {
  readonly roomId: string;
  /** Back to the list, where both do not fit beside each other. */
  readonly onBack?: () => void;
  /** Somebody asks for the other person's profile. Without it their name is no button. */
  readonly onShowProfile?: () => void;
  /** The code points of the longest message, if the server allows other than 1,000. */
  readonly maxMessageChars?: number;
}

/** One conversation: its messages, and where to answer. */
export function ChatInterface({ onBack, ...conversation }: ChatInterfaceProps): ReactNode {
  return (
    <Part name="conversation">
      <ConversationView onBack={onBack} {...conversation} />
      <ConnectionStatus />
      <Words />
    </Part>
  );
}
