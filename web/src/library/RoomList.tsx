import { useState, type ReactNode } from "react";

import { ConversationList } from "../features/conversations";
import { NewConversationDialog } from "../features/people";
import { useTranslation } from "../lib/i18n/useTranslation";
import { IconButton } from "../ui/IconButton";
import { ComposeIcon } from "../ui/icons";

interface RoomListProps {
  readonly selectedRoomId?: string | null | undefined;
  onSelect(roomId: string): void;
  readonly hrefOf?: ((roomId: string) => string) | undefined;
  readonly canMakeGroups?: boolean | undefined;
}

/** The inside of `ChatRoomList`, without a place for words about what was done. */
export function RoomList({
  selectedRoomId = null,
  onSelect,
  hrefOf = nowhere,
  canMakeGroups = false,
}: RoomListProps): ReactNode {
  const { t } = useTranslation();
  // What to search for in the dialog of a new conversation; null while it is closed.
  const [query, setQuery] = useState<string | null>(null);
  return (
    <>
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
      {query !== null && (
        <NewConversationDialog
          initialQuery={query}
          canMakeGroups={canMakeGroups}
          onClose={() => setQuery(null)}
          onStarted={(roomId) => {
            setQuery(null);
            onSelect(roomId);
          }}
        />
      )}
    </>
  );
}

function nowhere(): string {
  return "#";
}
