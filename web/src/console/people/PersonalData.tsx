import { useState, type ReactNode } from "react";

import { Button } from "../../ui/Button";
import { useConsoleClient } from "../ConsoleClientContext";
import type { Erasure, Person } from "../types";
import { useAct } from "../useAct";
import { useConsoleTexts } from "../useConsoleTexts";
import { EraseDialog } from "./EraseDialog";
import { saveFile } from "./saveFile";

interface PersonalDataProps {
  readonly person: Person;
  /** Their name and address are gone now. */
  onErased(): void;
}

/** What somebody may ask for by law: an archive of all that is kept of them, and to be forgotten. */
export function PersonalData({ person, onErased }: PersonalDataProps): ReactNode {
  const { t } = useConsoleTexts();
  const [erasure, setErasure] = useState<Erasure | null>(null);
  const [isAsking, setIsAsking] = useState(false);
  const isErased = person.erased || erasure !== null;
  return (
    <section className="hc-person__part" aria-label={t("console.people.law")}>
      <h3 className="hc-desk__heading">{t("console.people.law")}</h3>
      <Export person={person} />
      {!isErased && <p className="hc-desk__hint">{t("console.people.eraseHint")}</p>}
      <p role="status">
        {erasure !== null &&
          t(erasure.finishedAt === null ? "console.erase.running" : "console.erase.finished", {
            count: erasure.messageCount,
          })}
      </p>
      {!isErased ? (
        <Button variant="danger" onClick={() => setIsAsking(true)}>
          {t("console.people.erase")}
        </Button>
      ) : (
        typeof erasure?.finishedAt !== "string" && <Progress person={person} onAnswer={setErasure} />
      )}
      {isAsking && (
        <EraseDialog
          person={person}
          onClose={() => setIsAsking(false)}
          onErased={(begun) => {
            setIsAsking(false);
            setErasure(begun);
            onErased();
          }}
        />
      )}
    </section>
  );
}

function Export({ person }: { readonly person: Person }): ReactNode {
  const { t } = useConsoleTexts();
  const client = useConsoleClient();
  const { act, isBusy, failure } = useAct();
  const [isSaved, setIsSaved] = useState(false);
  const exportData = (): void => {
    setIsSaved(false);
    act(async () => {
      saveFile(await client.download(`/api/admin/users/${encodeURIComponent(person.id)}/data`), `${person.id}.zip`);
      setIsSaved(true);
    });
  };
  return (
    <>
      <p className="hc-desk__hint">{t("console.people.exportHint")}</p>
      <Button disabled={isBusy} onClick={exportData}>
        {t(isBusy ? "console.people.exporting" : "console.people.export")}
      </Button>
      <p role="status">{isSaved && t("console.people.exported")}</p>
      <p role="alert" className="hc-desk__failure">
        {failure}
      </p>
    </>
  );
}

/** Asking again changes nothing: it says how far the erasure is. */
function Progress({ person, onAnswer }: { readonly person: Person; onAnswer(erasure: Erasure): void }): ReactNode {
  const { t } = useConsoleTexts();
  const client = useConsoleClient();
  const { act, isBusy, failure } = useAct();
  const ask = (): void =>
    act(async () => {
      const path = `/api/admin/users/${encodeURIComponent(person.id)}/data`;
      onAnswer((await client.request<Erasure>(path, { method: "DELETE" })).data);
    });
  return (
    <>
      <Button disabled={isBusy} onClick={ask}>
        {t("console.erase.again")}
      </Button>
      <p role="alert" className="hc-desk__failure">
        {failure}
      </p>
    </>
  );
}
