import { useState, type ReactNode } from "react";

import { usePreferencesDialog } from "../features/preferences";
import { useChatClient } from "../features/session";
import { useTranslation } from "../lib/i18n/useTranslation";
import { createLater } from "../lib/useLater";
import { useStore } from "../lib/useStore";
import { Avatar } from "../ui/Avatar";
import { MenuFailed } from "../ui/MenuFailed";
import { Skeleton } from "../ui/Skeleton";
import { useMenu } from "../ui/useMenu";
import "./AccountMenu.css";
import { useOwnStatus } from "./ownStatus";
import { SettingsDialog } from "./SettingsDialog";

const { use: useAccountList } = createLater(() => import("./AccountList"));

/** Oneself: how one is seen, what one is told, and the way out. Short enough for a small window. */
export function AccountMenu({ onSignOut }: { onSignOut(): void }): ReactNode {
  const { t } = useTranslation();
  const me = useStore(useChatClient().me);
  const own = useOwnStatus();
  const preferences = usePreferencesDialog();
  const [showsSettings, setShowsSettings] = useState(false);
  const menu = useMenu();
  const { parts, hasFailed } = useAccountList(menu.isWanted);
  return (
    <>
      <div className="hc-menu">
        <button type="button" className="hc-account" aria-label={t("account.label")} title={me?.name} {...menu.trigger}>
          {me === null ? (
            <Skeleton circle width={34} height={34} />
          ) : (
            <Avatar name={me.name} image={me.avatar} colorKey={me.id} size={34} presence={own.status} />
          )}
        </button>
        {menu.isOpen && parts !== null && (
          <parts.AccountList
            me={me}
            own={own}
            list={menu.list}
            onPreferences={preferences.open}
            onSettings={() => setShowsSettings(true)}
            onSignOut={onSignOut}
          />
        )}
        {menu.isOpen && hasFailed && <MenuFailed />}
      </div>
      {preferences.dialog}
      {showsSettings && <SettingsDialog onClose={() => setShowsSettings(false)} />}
    </>
  );
}
