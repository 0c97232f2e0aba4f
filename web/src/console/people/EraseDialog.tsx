import { useId, useState, type ReactNode, type SubmitEvent } from "react";

import { useTranslation } from "../../lib/i18n/useTranslation";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { useConsoleClient } from "../ConsoleClientContext";
import type { Erasure, Person } from "../types";
import { useAct } from "../useAct";
import { useConsoleTexts } from "../useConsoleTexts";

interface EraseDialogProps {
  readonly person: Person;
  onClose(): void;
  onErased(erasure: Erasure): void;
}

/** Says what an erasure does, and takes the name of whom it is about: it cannot be undone. */
export function EraseDialog({ person, onClose, onErased }: EraseDialogProps): ReactNode {
  const { t } = useConsoleTexts();
  const { t: common } = useTranslation();
  const client = useConsoleClient();
  const { act, isBusy, failure } = useAct();
  const [name, setName] = useState("");
  const nameId = useId();
  const isRight = asWritten(name) === asWritten(person.name);
  const erase = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (!isRight) return;
    act(async () => {
      const path = `/api/admin/users/${encodeURIComponent(person.id)}/data`;
      onErased((await client.request<Erasure>(path, { method: "DELETE" })).data);
    });
  };
  return (
    <Dialog title={t("console.erase.title", { name: person.name })} closeLabel={common("app.close")} onClose={onClose}>
      <form className="hc-erase" onSubmit={erase}>
        <ul>
          <li>{t("console.erase.at_once")}</li>
          <li>{t("console.erase.messages")}</li>
          <li>{t("console.erase.stays")}</li>
          <li>{t("console.erase.never")}</li>
        </ul>
        <div>
          <label htmlFor={nameId}>{t("console.erase.confirm", { name: person.name })}</label>
          <input
            id={nameId}
            className="hc-field"
            autoComplete="off"
            spellCheck={false}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </div>
        <p role="alert" className="hc-desk__failure">
          {failure}
        </p>
        <div className="hc-erase__ways">
          <Button type="submit" variant="danger" disabled={!isRight || isBusy}>
            {t("console.erase.do")}
          </Button>
          <Button onClick={onClose}>{t("console.erase.cancel")}</Button>
        </div>
      </form>
    </Dialog>
  );
}

/** As people see it: composed letters, one space, nothing at the ends. */
function asWritten(name: string): string {
  return name.normalize("NFC").replace(/\s+/gu, " ").trim();
}
