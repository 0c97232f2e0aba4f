import { useEffect, useId, useState, type ReactNode } from "react";

import { useTimeZone } from "../../lib/format/useNow";
import { ownKeys } from "../../lib/ownKeys";
import type { NotificationPreferences, PreferenceChange, QuietHours } from "../../realtime/types";
import { Button } from "../../ui/Button";
import { Switch } from "./Switch";
import { usePreferencesTranslation } from "./usePreferencesTranslation";
import { zoneHere } from "./zoneHere";

interface QuietHoursFormProps {
  readonly preferences: NotificationPreferences;
  onChange(change: PreferenceChange): void;
}

const night: QuietHours = { from: "22:00", until: "07:00" };

/** When nothing buzzes. They are meant on the clock of this device, which is told to the server with them. */
export function QuietHoursForm({ preferences, onChange }: QuietHoursFormProps): ReactNode {
  const { t } = usePreferencesTranslation();
  const { quietHours } = preferences;
  // What they were comes back when they are turned on again.
  const [last, setLast] = useState(quietHours ?? night);
  const save = (hours: QuietHours): void => {
    setLast(hours);
    onChange({ quietHours: hours, timeZone: zoneHere() });
  };
  return (
    <section className="hc-preferences__section">
      <Switch
        label={t("preferences.quiet")}
        hint={t("preferences.quietHint")}
        isOn={quietHours !== null}
        onChange={(isOn) => (isOn ? save(last) : onChange({ quietHours: null }))}
      />
      {quietHours !== null && (
        <>
          <Hours hours={quietHours} onSave={save} />
          <TimeZone chosen={preferences.timeZone} onChange={(timeZone) => onChange({ timeZone })} />
        </>
      )}
    </section>
  );
}

/** Two times that are stored when both are there and differ, once one has left the field. */
function Hours({ hours, onSave }: { readonly hours: QuietHours; onSave(hours: QuietHours): void }): ReactNode {
  const { t } = usePreferencesTranslation();
  const [written, setWritten] = useState(hours);
  const { from, until } = hours;
  // What is stored may change beside what is written: taken back, or chosen on another device. Each by itself: while one
  // is being stored, the other may be being written.
  useEffect(() => setWritten((now) => ({ ...now, from })), [from]);
  useEffect(() => setWritten((now) => ({ ...now, until })), [until]);
  const isSame = written.from === written.until;
  const save = (): void => {
    const isWhole = written.from !== "" && written.until !== "";
    if (!isWhole) setWritten(hours);
    else if (!isSame && (written.from !== from || written.until !== until)) onSave(written);
  };
  return (
    <>
      <div className="hc-preferences__hours">
        <TimeField
          label={t("preferences.from")}
          value={written.from}
          isInvalid={isSame}
          onChange={(value) => setWritten({ ...written, from: value })}
          onLeave={save}
        />
        <TimeField
          label={t("preferences.until")}
          value={written.until}
          isInvalid={isSame}
          onChange={(value) => setWritten({ ...written, until: value })}
          onLeave={save}
        />
      </div>
      <p className="hc-preferences__wrong" role="alert">
        {isSame && t("preferences.quietSame")}
      </p>
    </>
  );
}

interface TimeFieldProps {
  readonly label: string;
  readonly value: string;
  readonly isInvalid: boolean;
  onChange(value: string): void;
  onLeave(): void;
}

function TimeField({ label, value, isInvalid, onChange, onLeave }: TimeFieldProps): ReactNode {
  const id = useId();
  return (
    <div className="hc-preferences__time">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className="hc-field"
        type="time"
        required
        value={value}
        aria-invalid={isInvalid}
        onChange={(event) => onChange(event.target.value)}
        onBlur={onLeave}
        onKeyDown={ownKeys((event) => event.key === "Enter" && onLeave())}
      />
    </div>
  );
}

function TimeZone({ chosen, onChange }: { readonly chosen: string | null; onChange(zone: string): void }): ReactNode {
  const { t } = usePreferencesTranslation();
  useTimeZone();
  const here = zoneHere();
  const zone = chosen ?? here;
  return (
    <div className="hc-preferences__zone">
      <p>{t("preferences.timeZone", { zone: wordsOfZone(zone) })}</p>
      {zone !== here && (
        <div className="hc-preferences__other-zone">
          <p>{t("preferences.otherZone", { zone: wordsOfZone(here) })}</p>
          <Button variant="quiet" size="small" onClick={() => onChange(here)}>
            {t("preferences.useZone", { zone: wordsOfZone(here) })}
          </Button>
        </div>
      )}
    </div>
  );
}

function wordsOfZone(zone: string): string {
  return zone.replaceAll("_", " ");
}
