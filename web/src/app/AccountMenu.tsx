import { useState, type ReactNode } from "react";

import { usePreferencesDialog } from "../features/preferences";
import { PushMenuItem } from "../features/push";
import { useChatClient } from "../features/session";
import { useTranslation } from "../lib/i18n/useTranslation";
import { useStore } from "../lib/useStore";
import type { PresenceStatus } from "../realtime/types";
import { Avatar } from "../ui/Avatar";
import { BellIcon, SettingsIcon, SignOutIcon } from "../ui/icons";
import { Menu } from "../ui/Menu";
import { MenuGroup, MenuItem } from "../ui/MenuItem";
import { PresenceDot } from "../ui/PresenceDot";
import { Skeleton } from "../ui/Skeleton";
import "./AccountMenu.css";
import { useOwnStatus, type OwnStatus } from "./ownStatus";
import { SettingsDialog } from "./SettingsDialog";

/** Oneself: how one is seen, what one is told, and the way out. Short enough for a small window. */
export function AccountMenu({ onSignOut }: { onSignOut(): void }): ReactNode {
  const { t } = useTranslation();
  const me = useStore(useChatClient().me);
  const own = useOwnStatus();
  const preferences = usePreferencesDialog();
  const [showsSettings, setShowsSettings] = useState(false);
  return (
    <>
      <Menu
        label={t("account.label")}
        trigger={(props) => (
          <button type="button" className="hc-account" aria-label={t("account.label")} title={me?.name} {...props}>
            {me === null ? (
              <Skeleton circle width={34} height={34} />
            ) : (
              <Avatar name={me.name} image={me.avatar} colorKey={me.id} size={34} presence={own.status} />
            )}
          </button>
        )}
      >
        {(close) => (
          <>
            <Identity name={me?.name ?? ""} role={me === null ? "" : t(`role.${me.role}`)} status={own.status} />
            <StatusItems own={own} />
            <div className="hc-menu__group">
              <PushMenuItem />
              <MenuItem
                icon={<BellIcon size={18} />}
                onSelect={() => {
                  close();
                  preferences.open();
                }}
              >
                {t("preferences.title")}
              </MenuItem>
              <MenuItem
                icon={<SettingsIcon size={18} />}
                onSelect={() => {
                  close();
                  setShowsSettings(true);
                }}
              >
                {t("settings.title")}
              </MenuItem>
              <MenuItem
                icon={<SignOutIcon size={18} />}
                onSelect={() => {
                  close();
                  onSignOut();
                }}
              >
                {t("account.signOut")}
              </MenuItem>
            </div>
          </>
        )}
      </Menu>
      {preferences.dialog}
      {showsSettings && <SettingsDialog onClose={() => setShowsSettings(false)} />}
    </>
  );
}

interface IdentityProps {
  readonly name: string;
  readonly role: string;
  readonly status: PresenceStatus;
}

/** Who one is, and how one is seen now: offline as long as there is no connection, whatever was chosen. */
function Identity({ name, role, status }: IdentityProps): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="hc-account__identity" role="none">
      <bdi className="hc-account__name hc-truncate">{name}</bdi>
      <span className="hc-account__role">{[role, t(`presence.${status}`)].filter(Boolean).join(" · ")}</span>
    </div>
  );
}

const statuses: readonly PresenceStatus[] = ["online", "away", "busy", "offline"];

function StatusItems({ own }: { readonly own: OwnStatus }): ReactNode {
  const { t } = useTranslation();
  return (
    <MenuGroup label={t("account.status")}>
      {statuses.map((status) => (
        <MenuItem
          key={status}
          icon={<PresenceDot status={status} size={14} className="hc-account__dot" />}
          checked={status === own.choice}
          onSelect={() => own.choose(status)}
        >
          {t(`account.status.${status}`)}
        </MenuItem>
      ))}
    </MenuGroup>
  );
}
