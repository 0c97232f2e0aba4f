import type { ReactNode } from "react";

import { useTranslation } from "../../lib/i18n/useTranslation";
import type { NotificationPreferences, PreferenceChange } from "../../realtime/types";
import { Banner } from "../../ui/Banner";
import { LoadFailure } from "../../ui/LoadFailure";
import { BlockedPeople } from "../rooms";
import { useChatClient } from "../session";
import { failureText } from "./failureText";
import { MutedRooms } from "./MutedRooms";
import { listTypes, wordsOf } from "./preferences";
import "./Preferences.css";
import { PreferencesSkeleton } from "./PreferencesSkeleton";
import { QuietHoursForm } from "./QuietHoursForm";
import { Switch } from "./Switch";
import { useChoice, usePreferences } from "./usePreferences";
import { usePreferencesTranslation, type TranslatePreferences } from "./usePreferencesTranslation";

/** The inside of the dialog. Each choice is stored as it is made. */
export function Preferences(): ReactNode {
  const { t } = usePreferencesTranslation();
  const { t: tellFailure } = useTranslation();
  const { preferences, error } = usePreferences();
  const client = useChatClient();
  const { choose, state, error: failure } = useChoice();
  if (preferences === null) {
    if (error === null) return <PreferencesSkeleton />;
    const words = { title: t("preferences.loadFailed"), offlineHint: t("preferences.offline") };
    return <LoadFailure {...words} error={error} onRetry={client.preferences.reload} />;
  }
  return (
    <div className="hc-preferences">
      <div className="hc-preferences__failure" role="alert">
        {failure !== null && <Banner tone="danger">{failureText(failure, t, tellFailure)}</Banner>}
      </div>
      <p className="hc-hidden" role="status">
        {state === "saved" && t("preferences.saved")}
      </p>
      <Types preferences={preferences} onChange={choose} />
      <QuietHoursForm preferences={preferences} onChange={choose} />
      <section className="hc-preferences__section">
        <Switch
          label={t("preferences.preview")}
          hint={t("preferences.previewHint")}
          isOn={preferences.preview}
          onChange={(preview) => choose({ preview })}
        />
      </section>
      <MutedRooms
        mutedRooms={preferences.mutedRooms}
        onUnmute={(roomId) => client.act(roomId, { kind: "mute", until: null })}
      />
      <BlockedPeople />
    </div>
  );
}

interface PartProps {
  readonly preferences: NotificationPreferences;
  onChange(change: PreferenceChange): void;
}

function Types({ preferences, onChange }: PartProps): ReactNode {
  const { t } = usePreferencesTranslation();
  return (
    <section className="hc-preferences__section">
      <h3 className="hc-preferences__heading">{t("preferences.types")}</h3>
      <p className="hc-preferences__hint">{t("preferences.typesHint")}</p>
      <div className="hc-preferences__type hc-preferences__columns" aria-hidden="true">
        <span />
        <span>{t("preferences.push")}</span>
        <span>{t("preferences.inApp")}</span>
      </div>
      <ul>
        {listTypes(preferences).map((type) => (
          <TypeRow key={type} type={type} preferences={preferences} onChange={onChange} />
        ))}
      </ul>
    </section>
  );
}

function TypeRow({ type, preferences, onChange }: PartProps & { readonly type: string }): ReactNode {
  const { t } = usePreferencesTranslation();
  const choice = preferences.types[type] ?? { push: true, inApp: true };
  const name = nameOf(type, t);
  return (
    <li className="hc-preferences__type">
      <span className="hc-preferences__name">{name}</span>
      <Switch
        layout="bare"
        label={t("preferences.pushOf", { type: name })}
        isOn={choice.push}
        onChange={(push) => onChange({ types: { [type]: { ...choice, push } } })}
      />
      <Switch
        layout="bare"
        label={t("preferences.inAppOf", { type: name })}
        isOn={choice.inApp}
        onChange={(inApp) => onChange({ types: { [type]: { ...choice, inApp } } })}
      />
    </li>
  );
}

/** Types of the host that are not known here are named as it names them. */
function nameOf(type: string, t: TranslatePreferences): string {
  switch (type) {
    case "chat_message":
    case "job_match":
    case "proposal_response":
      return t(`preferences.type.${type}`);
    default:
      return wordsOf(type);
  }
}
