import type { ReactNode } from "react";

import { usePreferencesDialog } from "../features/preferences";
import { PushMenuItem } from "../features/push";
import { useChatClient } from "../features/session";
import { locales } from "../lib/i18n/locale";
import { setLocale } from "../lib/i18n/translate";
import { useTranslation } from "../lib/i18n/useTranslation";
import { useStore } from "../lib/useStore";
import type { PresenceStatus } from "../realtime/types";
import { Avatar } from "../ui/Avatar";
import { MonitorIcon, MoonIcon, SettingsIcon, SignOutIcon, SunIcon } from "../ui/icons";
import { Menu } from "../ui/Menu";
import { MenuGroup, MenuItem } from "../ui/MenuItem";
import { PresenceDot } from "../ui/PresenceDot";
import { Skeleton } from "../ui/Skeleton";
import { setTheme, themes, themeStore } from "../ui/theme";
import "./AccountMenu.css";
import { useOwnStatus, type OwnStatus } from "./ownStatus";

/** Oneself: how one is seen, how the app looks and speaks, and the way out. */
export function AccountMenu({ onSignOut }: { onSignOut(): void }): ReactNode {
  const { t } = useTranslation();
  const me = useStore(useChatClient().me);
  const own = useOwnStatus();
  const preferences = usePreferencesDialog();
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
            <Identity name={me?.name ?? ""} role={me === null ? "" : t(`role.${me.role}`)} />
            <StatusItems own={own} />
            <ThemeItems />
            <LanguageItems />
            <div className="hc-menu__group">
              <PushMenuItem />
              <MenuItem
                icon={<SettingsIcon size={18} />}
                onSelect={() => {
                  close();
                  preferences.open();
                }}
              >
                {t("preferences.title")}
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
    </>
  );
}

function Identity({ name, role }: { readonly name: string; readonly role: string }): ReactNode {
  return (
    <div className="hc-account__identity" role="none">
      <span className="hc-account__name hc-truncate">{name}</span>
      <span className="hc-account__role">{role}</span>
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
          checked={status === own.status}
          onSelect={() => own.choose(status)}
        >
          {t(`account.status.${status}`)}
        </MenuItem>
      ))}
    </MenuGroup>
  );
}

const themeIcons = { system: <MonitorIcon size={18} />, light: <SunIcon size={18} />, dark: <MoonIcon size={18} /> };

function ThemeItems(): ReactNode {
  const { t } = useTranslation();
  const chosen = useStore(themeStore);
  return (
    <MenuGroup label={t("account.theme")}>
      {themes.map((theme) => (
        <MenuItem key={theme} icon={themeIcons[theme]} checked={theme === chosen} onSelect={() => setTheme(theme)}>
          {t(`account.theme.${theme}`)}
        </MenuItem>
      ))}
    </MenuGroup>
  );
}

/** Each in its own language: whoever needs it can read it. */
const languageNames = { en: "English", es: "Español" };

function LanguageItems(): ReactNode {
  const { t, locale } = useTranslation();
  return (
    <MenuGroup label={t("account.language")}>
      {locales.map((language) => (
        <MenuItem key={language} checked={language === locale} onSelect={() => void setLocale(language)}>
          <span lang={language}>{languageNames[language]}</span>
        </MenuItem>
      ))}
    </MenuGroup>
  );
}
