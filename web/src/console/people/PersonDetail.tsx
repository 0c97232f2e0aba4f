import type { ReactNode } from "react";
import { Link } from "wouter";

import { useTranslation } from "../../lib/i18n/useTranslation";
import { useStore } from "../../lib/useStore";
import { Avatar } from "../../ui/Avatar";
import { Button } from "../../ui/Button";
import { Chip } from "../desk/Chip";
import { Fact, Facts } from "../desk/Facts";
import { LoadedDetail } from "../desk/LoadedDetail";
import { useConsoleClient } from "../ConsoleClientContext";
import { addressOf } from "../places";
import type { Person } from "../types";
import { useAct } from "../useAct";
import { useConsoleTexts } from "../useConsoleTexts";
import { useLoaded } from "../useLoaded";
import { PersonalData } from "./PersonalData";

interface PersonDetailProps {
  readonly id: string;
  onClose(): void;
  onChange(person: Person): void;
}

/** One person: who they are, whether they are let in, and what the law lets them ask for. */
export function PersonDetail({ id, onClose, onChange }: PersonDetailProps): ReactNode {
  const { t } = useConsoleTexts();
  const client = useConsoleClient();
  const loaded = useLoaded(
    id,
    async (signal) => (await client.request<Person>(`/api/admin/users/${encodeURIComponent(id)}`, { signal })).data,
  );
  return (
    <LoadedDetail title={t("console.people.one")} titleOf={(person) => person.name} loaded={loaded} onClose={onClose}>
      {(person) => (
        <>
          <PersonFacts person={person} />
          {!person.erased && (
            <Access
              person={person}
              onChange={(changed) => {
                loaded.replace(changed);
                onChange(changed);
              }}
            />
          )}
          <PersonalData person={person} onErased={loaded.reload} />
        </>
      )}
    </LoadedDetail>
  );
}

function PersonFacts({ person }: { readonly person: Person }): ReactNode {
  const { t } = useConsoleTexts();
  const { t: common } = useTranslation();
  return (
    <>
      <div className="hc-person__head">
        <Avatar name={person.name} image={person.avatar} colorKey={person.id} size={56} />
        <Link href={addressOf("rooms", { member: person.id })} className="hc-link">
          {t("console.people.rooms")}
        </Link>
      </div>
      <Facts>
        <Fact name={t("console.people.state")}>
          <StateChip person={person} />
        </Fact>
        <Fact name={t("console.people.role")}>{common(`role.${person.role}`)}</Fact>
        <Fact name={t("console.people.email")}>{person.email}</Fact>
        <Fact name={t("console.people.id")}>{person.id}</Fact>
      </Facts>
    </>
  );
}

/** Whether somebody is let in. */
export function StateChip({ person }: { readonly person: Person }): ReactNode {
  const { t } = useConsoleTexts();
  if (person.erased) return <Chip>{t("console.people.erased")}</Chip>;
  if (person.disabled) return <Chip tone="danger">{t("console.people.isDisabled")}</Chip>;
  return <Chip tone="accent">{t("console.people.active")}</Chip>;
}

function Access({ person, onChange }: { readonly person: Person; onChange(person: Person): void }): ReactNode {
  const { t } = useConsoleTexts();
  const client = useConsoleClient();
  const me = useStore(client.me);
  const { act, isBusy, failure } = useAct();
  const change = (): void =>
    act(async () => {
      const path = `/api/admin/users/${encodeURIComponent(person.id)}`;
      const body = { disabled: !person.disabled };
      onChange((await client.request<Person>(path, { method: "PATCH", body })).data);
    });
  const isSelf = me?.id === person.id;
  return (
    <section className="hc-person__part" aria-label={t("console.people.access")}>
      <h3 className="hc-desk__heading">{t("console.people.access")}</h3>
      <p className="hc-desk__hint">{t(isSelf ? "console.people.self" : "console.people.accessHint")}</p>
      {!isSelf && (
        <Button variant={person.disabled ? "secondary" : "danger"} disabled={isBusy} onClick={change}>
          {t(person.disabled ? "console.people.enable" : "console.people.disable")}
        </Button>
      )}
      <p role="alert" className="hc-desk__failure">
        {failure}
      </p>
    </section>
  );
}
