import type { ReactNode } from "react";

import { PushMenuItem } from "../features/push/PushMenuItem";
import { useAccountTexts } from "../lib/i18n/useAccountTexts";
import { useTranslation } from "../lib/i18n/useTranslation";
import type { PresenceStatus, User } from "../realtime/types";
import { BellIcon, SettingsIcon, SignOutIcon } from "../ui/icons";
import { MenuGroup, MenuItem } from "../ui/MenuItem";
import { MenuList } from "../ui/MenuList";
import { PresenceDot } from "../ui/PresenceDot";
import type { OpenedBy } from "../ui/useMenu";
import "./AccountList.css";
import type { OwnStatus } from "./ownStatus";

interface AccountListProps {
  readonly me: User | null;
  readonly own: OwnStatus;
  readonly list: OpenedBy;
  onPreferences(): void;
  onSettings(): void;
  onSignOut(): void;
}

/** The inside of the account menu. */
export function AccountList({ me, own, list, onPreferences, onSettings, onSignOut }: AccountListProps): ReactNode {
  const { t } = useTranslation();
  const closing = (act: () => void) => () => {
    list.onClose();
    act();
  };
  return (
    <MenuList label={t("account.label")} {...list}>
      <Identity name={me?.name ?? ""} role={me === null ? "" : t(`role.${me.role}`)} status={own.status} />
      <StatusItems own={own} />
      <div className="hc-menu__group">
        <PushMenuItem />
        <MenuItem icon={<BellIcon size={18} />} onSelect={closing(onPreferences)}>
          {t("preferences.title")}
        </MenuItem>
        <MenuItem icon={<SettingsIcon size={18} />} onSelect={closing(onSettings)}>
          {t("settings.title")}
        </MenuItem>
        <MenuItem icon={<SignOutIcon size={18} />} onSelect={closing(onSignOut)}>
          {t("account.signOut")}
        </MenuItem>
      </div>
    </MenuList>
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
  const { t } = useAccountTexts();
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
