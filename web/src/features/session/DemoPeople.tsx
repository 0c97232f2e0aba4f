import type { ReactNode } from "react";

import { useSignInTexts } from "../../lib/i18n/useSignInTexts";
import { Avatar } from "../../ui/Avatar";
import { ChevronRightIcon } from "../../ui/icons";
import type { DemoPerson } from "./appConfig";

interface DemoPeopleProps {
  readonly people: readonly DemoPerson[];
  onChoose(person: DemoPerson): void;
}

/** The people of the demo world as cards: one click signs in. */
export function DemoPeople({ people, onChoose }: DemoPeopleProps): ReactNode {
  const { t } = useSignInTexts();
  return (
    <>
      <p className="hc-sign-in__hint">{t("signIn.demoHint")}</p>
      <ul className="hc-sign-in__people">
        {people.map((person) => (
          <li key={person.token}>
            <button type="button" className="hc-person-card" onClick={() => onChoose(person)}>
              <Avatar name={person.name} image={person.avatar} size={44} />
              <span className="hc-person-card__words">
                <span className="hc-person-card__name">{person.name}</span>
                <span className="hc-person-card__title hc-truncate">{person.title}</span>
              </span>
              <ChevronRightIcon size={18} className="hc-person-card__chevron" />
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
