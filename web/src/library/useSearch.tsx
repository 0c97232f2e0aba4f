import { useState, type KeyboardEvent, type ReactNode } from "react";

import { SearchDialog } from "../features/search";
import { useTranslation } from "../lib/i18n/useTranslation";
import { ariaShortcut, describeShortcut, isShortcut } from "../lib/shortcuts";
import { IconButton } from "../ui/IconButton";
import { SearchIcon } from "../ui/icons";

const LETTER = "k";

interface Search {
  readonly button: ReactNode;
  readonly dialog: ReactNode;
  /** For the element within which the shortcut holds. */
  onKeyDown(event: KeyboardEvent): void;
}

/**
 * The search in everything within the whole chat: its button, its dialog, and its shortcut, which holds only while the
 * keyboard is in the chat, and only where the host's page has not taken the key before.
 */
export function useSearch(roomId: string | null, show: (roomId: string) => void): Search {
  const { t } = useTranslation();
  const [isOpen, setIsOpen] = useState(false);
  const open = (): void => setIsOpen(true);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || !isShortcut(event, LETTER)) return;
    event.preventDefault();
    open();
  };
  const button = (
    <IconButton
      label={t("search.open", { keys: describeShortcut(LETTER) })}
      aria-haspopup="dialog"
      aria-keyshortcuts={ariaShortcut(LETTER)}
      onClick={open}
    >
      <SearchIcon />
    </IconButton>
  );
  const dialog = isOpen && (
    <SearchDialog
      onClose={() => setIsOpen(false)}
      onOpen={(found) => {
        setIsOpen(false);
        if (found !== roomId) show(found);
      }}
    />
  );
  return { button, dialog, onKeyDown };
}
