import { useEffect, useState, type ReactNode } from "react";

import { useTranslation } from "../../lib/i18n/useTranslation";
import { SearchField } from "../../ui/SearchField";
import { Filters } from "../desk/Filters";
import { SectionPane } from "../desk/Pane";
import { RecordTable, type Column } from "../desk/RecordTable";
import { useChosen } from "../desk/useChosen";
import { useConsoleClient } from "../ConsoleClientContext";
import { usePlace, type Place } from "../places";
import type { Person } from "../types";
import { useConsoleTexts } from "../useConsoleTexts";
import { PAGE, usePages } from "../usePages";
import { PersonDetail, StateChip } from "./PersonDetail";
import "./PeopleSection.css";

/** Each search is a look that is on record: one is made once somebody stops typing. */
const TYPING_MS = 400;

/** People, found by what is known of them; and what can be done about one. */
export function PeopleSection(): ReactNode {
  const { t } = useConsoleTexts();
  const client = useConsoleClient();
  const place = usePlace("people");
  const { id, close } = useChosen(place);
  const query = place.get("query") ?? "";
  const isDisabled = place.get("state") === "disabled";
  const pages = usePages<Person>(`people ${isDisabled} ${query}`, (cursor, signal) =>
    client.request("/api/admin/users", {
      query: isDisabled ? { disabled: "true", limit: PAGE, cursor } : { query, limit: PAGE },
      signal,
    }),
  );
  return (
    <SectionPane
      title={t("console.section.people")}
      onRefresh={pages.reload}
      filters={<PeopleFilters place={place} isDisabled={isDisabled} />}
      list={
        <RecordTable
          label={t("console.section.people")}
          columns={useColumns()}
          pages={pages}
          idOf={(person) => person.id}
          addressOf={(person) => place.with({ id: person.id })}
          chosenId={id}
          empty={
            isDisabled
              ? { title: t("console.people.noneDisabled") }
              : { title: t("console.people.none"), hint: t("console.people.noneHint") }
          }
        />
      }
      detail={
        id === null ? null : (
          <PersonDetail
            key={id}
            id={id}
            onClose={close}
            onChange={(changed) => pages.update((person) => (person.id === changed.id ? changed : person))}
          />
        )
      }
    />
  );
}

function PeopleFilters({ place, isDisabled }: { readonly place: Place; readonly isDisabled: boolean }): ReactNode {
  const { t } = useConsoleTexts();
  return (
    <>
      {!isDisabled && <PeopleSearch place={place} />}
      <Filters
        label={t("console.people.which")}
        choices={[
          { label: t("console.people.found"), href: place.with({ state: null, id: null }), isChosen: !isDisabled },
          {
            label: t("console.people.disabled"),
            href: place.with({ state: "disabled", query: null, id: null }),
            isChosen: isDisabled,
          },
        ]}
      />
    </>
  );
}

function PeopleSearch({ place }: { readonly place: Place }): ReactNode {
  const { t } = useConsoleTexts();
  const asked = place.get("query") ?? "";
  const [text, setText] = useState(asked);
  useEffect(() => {
    if (text.trim() === asked) return;
    const timer = setTimeout(() => place.go({ query: text.trim() }, { replace: true }), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text, asked, place]);
  return (
    <div className="hc-people__search">
      <SearchField
        label={t("console.people.search")}
        clearLabel={t("console.people.clear")}
        value={text}
        onChange={setText}
      />
    </div>
  );
}

function useColumns(): readonly Column<Person>[] {
  const { t } = useConsoleTexts();
  const { t: common } = useTranslation();
  return [
    {
      key: "name",
      heading: t("console.people.name"),
      cell: (person) => (
        <>
          <span className="hc-records__main">
            <bdi>{person.name}</bdi>
          </span>
          <span className="hc-records__sub">{person.email}</span>
        </>
      ),
    },
    { key: "id", heading: t("console.people.id"), cell: (person) => person.id, isExtra: true },
    { key: "role", heading: t("console.people.role"), cell: (person) => common(`role.${person.role}`) },
    {
      key: "state",
      heading: t("console.people.state"),
      cell: (person) => <StateChip person={person} />,
    },
  ];
}
