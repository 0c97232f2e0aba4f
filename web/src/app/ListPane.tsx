import { type ReactNode } from "react";

import { ConversationList } from "../features/conversations";
import { Bell } from "../features/notifications";
import { useTranslation } from "../lib/i18n/useTranslation";
import { ariaShortcut, describeShortcut } from "../lib/shortcuts";
import { IconButton } from "../ui/IconButton";
import { ComposeIcon, SearchIcon } from "../ui/icons";
import { AccountMenu } from "./AccountMenu";
import type { ChatNavigation } from "./useChatNavigation";

interface ListPaneProps {
  readonly roomId: string | null;
  /** On a phone the list is the page. */
  readonly isMain: boolean;
  readonly navigation: ChatNavigation;
  onNew(query: string): void;
  /** To find something in everything. */
  onSearch(): void;
  onSignOut(): void;
}

/** The first pane: oneself, what is new, and all conversations. */
export function ListPane({ roomId, isMain, navigation, onNew, onSearch, onSignOut }: ListPaneProps): ReactNode {
  const { t } = useTranslation();

  return (
    <div className="hc-chat__list" role={isMain ? "main" : undefined}>
      <nav className="hc-chat__nav" aria-label={t("list.label")}>
        <header className="hc-chat__header">
          <AccountMenu onSignOut={onSignOut} />
          <h2 className="hc-chat__heading">{t("list.heading")}</h2>
          <IconButton
            label={t("search.open", { keys: describeShortcut("k") })}
            aria-haspopup="dialog"
            aria-keyshortcuts={ariaShortcut("k")}
            onClick={onSearch}
          >
            <SearchIcon />
          </IconButton>
          <Bell {...navigation.guide} />
          <IconButton label={t("list.new")} aria-haspopup="dialog" onClick={() => onNew("")}>
            <ComposeIcon />
          </IconButton>
        </header>
        <ConversationList currentRoomId={roomId} hrefOf={navigation.hrefOf} onOpen={navigation.open} onNew={onNew} />
      </nav>
    </div>
  );
}
