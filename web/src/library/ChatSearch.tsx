import "./styles";

import { useState, type ReactNode } from "react";

import { SearchDialog } from "../features/search";
import { useTranslation } from "../lib/i18n/useTranslation";
import { IconButton } from "../ui/IconButton";
import { SearchIcon } from "../ui/icons";
import { Part } from "./Part";

export interface ChatSearchProps {
  /** A conversation was chosen, or a message of it: once the conversation is shown, it leads to the message by itself. */
  onSelect(roomId: string): void;
  /** Whether the search is open, for hosts that open it by a button or a shortcut of theirs. Without it, the part keeps that itself. */
  readonly isOpen?: boolean;
  /** Somebody opens or closes the search. A host that gives `isOpen` changes it here. */
  readonly onOpenChange?: (isOpen: boolean) => void;
}

/** A button that opens the search in everything: people, conversations and messages. */
export function ChatSearch({ onSelect, isOpen: given, onOpenChange }: ChatSearchProps): ReactNode {
  const { t } = useTranslation();
  const [kept, setKept] = useState(false);
  const isOpen = given ?? kept;
  const set = (next: boolean): void => {
    setKept(next);
    onOpenChange?.(next);
  };
  return (
    <Part name="search">
      <IconButton label={t("search.title")} aria-haspopup="dialog" aria-expanded={isOpen} onClick={() => set(true)}>
        <SearchIcon />
      </IconButton>
      {isOpen && (
        <SearchDialog
          onClose={() => set(false)}
          onOpen={(roomId) => {
            set(false);
            onSelect(roomId);
          }}
        />
      )}
    </Part>
  );
}
