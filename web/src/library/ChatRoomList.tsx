import "./styles";

import { useState, type ReactNode } from "react";

import { ConversationList } from "../features/conversations";
import { NewConversationDialog } from "../features/people";
import { Words } from "../features/rooms";
import { useTranslation } from "../lib/i18n/useTranslation";
import { IconButton } from "../ui/IconButton";
import { ComposeIcon } from "../ui/icons";
import { Part } from "./Part";

export interface ChatRoomListProps {
  /** The room that is shown elsewhere on the page. */
  readonly selectedRoomId?: string | null;
  /** A room was chosen, or made by “new conversation”. */
  onSelect(roomId: string): void;
  /** The address of a room on the host's site, so that it can be opened in a new tab. */
  readonly hrefOf?: (roomId: string) => string;
}

/** All conversations, latest first, with search, unread counts, presence and typing. */
export function ChatRoomList({ selectedRoomId = null, onSelect, hrefOf = nowhere }: ChatRoomListProps): ReactNode {
  const { t } = useTranslation();
  // What to search for in the dialog of a new conversation; null while it is closed.
  const [query, setQuery] = useState<string | null>(null);
  return (
    <Part name="rooms">
      <ConversationList
        currentRoomId={selectedRoomId}
        hrefOf={hrefOf}
        onOpen={onSelect}
        onNew={setQuery}
        action={
          <IconButton label={t("list.new")} aria-haspopup="dialog" onClick={() => setQuery("")}>
            <ComposeIcon />
          </IconButton>
        }
      />
      <Words />
      {query !== null && (
        <NewConversationDialog
          initialQuery={query}
          onClose={() => setQuery(null)}
          onStarted={(roomId) => {
            setQuery(null);
            onSelect(roomId);
          }}
        />
      )}
    </Part>
  );
}

function nowhere(): string {
  return "#";
}
