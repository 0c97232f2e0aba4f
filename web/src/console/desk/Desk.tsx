import { useEffect, useRef, useState, type ReactNode } from "react";
import { Link, Redirect, Route, Switch, useLocation } from "wouter";

import { SettingsDialog } from "../../app/SettingsDialog";
import { useTranslation } from "../../lib/i18n/useTranslation";
import { EmptyState } from "../../ui/EmptyState";
import { IconButton } from "../../ui/IconButton";
import { SearchIcon, SettingsIcon, SignOutIcon } from "../../ui/icons";
import { Logo } from "../../ui/Logo";
import { AuditSection } from "../audit/AuditSection";
import { HealthSection } from "../health/HealthSection";
import { NoticesSection } from "../notices/NoticesSection";
import { PeopleSection } from "../people/PeopleSection";
import { addressOf, SECTIONS, type Section } from "../places";
import { ReportsSection } from "../reports/ReportsSection";
import { RoomsSection } from "../rooms/RoomsSection";
import { useConsoleTexts } from "../useConsoleTexts";
import "./Desk.css";
import { OfflineStrip } from "./OfflineStrip";

const views: Readonly<Record<Section, () => ReactNode>> = {
  reports: ReportsSection,
  people: PeopleSection,
  rooms: RoomsSection,
  notices: NoticesSection,
  audit: AuditSection,
  health: HealthSection,
};

/** The sections side by side with what is chosen of them. */
export function Desk({ onSignOut }: { onSignOut(): void }): ReactNode {
  const { t } = useConsoleTexts();
  return (
    <div className="hc-desk">
      <a className="hc-desk__skip" href="#hc-desk-main">
        {t("console.skip")}
      </a>
      <DeskHeader onSignOut={onSignOut} />
      <main id="hc-desk-main" className="hc-desk__main" tabIndex={-1}>
        <OfflineStrip />
        <Switch>
          <Route path="/console/:section?">{({ section }) => <View name={section ?? ""} />}</Route>
          <Route>
            <NothingHere />
          </Route>
        </Switch>
      </main>
    </div>
  );
}

function View({ name }: { readonly name: string }): ReactNode {
  if (name === "") return <Redirect to={addressOf("reports", { state: "open" })} replace />;
  const section = SECTIONS.find((known) => known === name);
  if (section === undefined) return <NothingHere />;
  const Chosen = views[section];
  return <Chosen key={section} />;
}

function DeskHeader({ onSignOut }: { onSignOut(): void }): ReactNode {
  const { t } = useConsoleTexts();
  const { t: common } = useTranslation();
  const [path] = useLocation();
  const [showsSettings, setShowsSettings] = useState(false);
  const places = useRef<HTMLElement>(null);
  // On a phone the sections are a row that is longer than the screen.
  useEffect(() => {
    places.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [path]);
  return (
    <header className="hc-desk__side">
      <p className="hc-desk__name">
        <Logo size={28} />
        {t("console.name")}
      </p>
      <nav ref={places} className="hc-desk__nav" aria-label={t("console.sections")}>
        {SECTIONS.map((section) => (
          <Link
            key={section}
            href={addressOf(section, section === "reports" ? { state: "open" } : {})}
            className="hc-desk__place"
            aria-current={path === `/console/${section}` ? "page" : undefined}
          >
            {t(`console.section.${section}`)}
          </Link>
        ))}
      </nav>
      <p className="hc-desk__keys">{t("console.keys")}</p>
      <div className="hc-desk__tools">
        <IconButton label={common("settings.title")} onClick={() => setShowsSettings(true)}>
          <SettingsIcon />
        </IconButton>
        <IconButton label={common("account.signOut")} onClick={onSignOut}>
          <SignOutIcon />
        </IconButton>
      </div>
      {showsSettings && <SettingsDialog onClose={() => setShowsSettings(false)} />}
    </header>
  );
}

function NothingHere(): ReactNode {
  const { t } = useConsoleTexts();
  return (
    <EmptyState
      isPage
      icon={<SearchIcon size={26} />}
      title={t("console.nothingHere")}
      hint={t("console.nothingHereHint")}
      action={
        <Link href={addressOf("reports", { state: "open" })} className="hc-button hc-button--secondary">
          {t("console.toReports")}
        </Link>
      }
    />
  );
}
