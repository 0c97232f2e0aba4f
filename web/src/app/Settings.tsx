import { useId, type ReactNode } from "react";

import { locales } from "../lib/i18n/locale";
import { setLocale } from "../lib/i18n/translate";
import { useAccountTexts } from "../lib/i18n/useAccountTexts";
import { useTranslation } from "../lib/i18n/useTranslation";
import { useStore } from "../lib/useStore";
import { MonitorIcon, MoonIcon, SunIcon } from "../ui/icons";
import { setTheme, themes, themeStore } from "../ui/theme";
import "./Settings.css";

const themeIcons = { system: <MonitorIcon size={18} />, light: <SunIcon size={18} />, dark: <MoonIcon size={18} /> };

/** Each in its own language: whoever needs it can read it. */
const languageNames = { en: "English", es: "Español" };

/** The inside of the dialog. Each choice holds at once. */
export function Settings(): ReactNode {
  const { t } = useAccountTexts();
  const { locale } = useTranslation();
  const chosenTheme = useStore(themeStore);
  return (
    <div className="hc-settings">
      <Choices label={t("account.theme")}>
        {(name) =>
          themes.map((theme) => (
            <Choice key={theme} name={name} isChosen={theme === chosenTheme} onChoose={() => setTheme(theme)}>
              {themeIcons[theme]}
              {t(`account.theme.${theme}`)}
            </Choice>
          ))
        }
      </Choices>
      <Choices label={t("account.language")}>
        {(name) =>
          locales.map((language) => (
            <Choice key={language} name={name} isChosen={language === locale} onChoose={() => setLocale(language)}>
              <span lang={language}>{languageNames[language]}</span>
            </Choice>
          ))
        }
      </Choices>
    </div>
  );
}

interface ChoicesProps {
  readonly label: string;
  /** `name` joins them to one group. */
  children(name: string): ReactNode;
}

function Choices({ label, children }: ChoicesProps): ReactNode {
  return (
    <fieldset className="hc-settings__group">
      <legend className="hc-settings__heading">{label}</legend>
      {children(useId())}
    </fieldset>
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly isChosen: boolean;
  onChoose(): void;
  readonly children: ReactNode;
}

function Choice({ name, isChosen, onChoose, children }: ChoiceProps): ReactNode {
  return (
    <label className="hc-settings__choice">
      <input type="radio" name={name} checked={isChosen} onChange={onChoose} />
      {children}
    </label>
  );
}
