import type { ReactNode } from "react";
import { formatAgo, formatFull } from "../../lib/format/dates";
import { useNow } from "../../lib/format/useNow";
import { describeError } from "../../lib/i18n/describeError";
import { useTranslation } from "../../lib/i18n/useTranslation";
import type { ConversationItem, ConversationState, User } from "../../realtime/types";
import { Avatar } from "../../ui/Avatar";
import { Dialog } from "../../ui/Dialog";
import { Spinner } from "../../ui/Spinner";
import "./Reactors.css";
import { useActingTexts } from "./useActingTexts";
import { useReaders } from "./useReaders";

/** Of those who have not read it, and of those who have: the rest are counted. */
const MOST_SHOWN = 100;

interface ReadersProps {
  readonly item: ConversationItem;
  readonly state: ConversationState;
  onClose(): void;
}

/** Who has read one's own message in a group, and when, as far as it is known; the latest first. */
export function Readers({ item, state, onClose }: ReadersProps): ReactNode {
  const { t } = useActingTexts();
  const { t: tOfAll } = useTranslation();
  const { readers, error } = useReaders(item, state.room?.id ?? "");
  const members = (state.room?.members ?? []).filter(({ id }) => id !== item.senderId);
  const times = new Map(readers?.map(({ userId, readAt }) => [userId, readAt]));
  const read = readers?.flatMap(({ userId }) => members.find(({ id }) => id === userId) ?? []) ?? [];
  const unread = members.filter(({ id }) => !times.has(id));
  return (
    <Dialog title={t("acting.readers")} closeLabel={t("acting.close")} onClose={onClose}>
      <div role="status">
        {readers === null && error === null && <Spinner label={t("acting.loading")} />}
        {readers !== null && read.length === 0 && <p className="hc-reactors__note">{t("acting.readByNobody")}</p>}
      </div>
      {error !== null && (
        <p className="hc-reactors__note" role="alert">
          {t("acting.readersFailed", { reason: describeError(error, tOfAll) })}
        </p>
      )}
      {readers !== null && (
        <>
          <People heading={t("acting.readBy")} people={read} timeOf={({ id }) => times.get(id) ?? null} />
          <People heading={t("acting.notRead")} people={unread} timeOf={() => null} />
        </>
      )}
    </Dialog>
  );
}

interface PeopleProps {
  readonly heading: string;
  readonly people: readonly User[];
  timeOf(person: User): string | null;
}

function People({ heading, people, timeOf }: PeopleProps): ReactNode {
  const { t } = useActingTexts();
  const { locale } = useTranslation();
  const now = useNow();
  if (people.length === 0) return null;
  const left = people.length - MOST_SHOWN;
  return (
    <section>
      <h3 className="hc-reactors__heading">{heading}</h3>
      <ul className="hc-reactors">
        {people.slice(0, MOST_SHOWN).map((person) => {
          const time = timeOf(person);
          return (
            <li key={person.id}>
              <Avatar name={person.name} image={person.avatar} colorKey={person.id} size={32} />
              <bdi className="hc-truncate">{person.name}</bdi>
              {time !== null && (
                <time className="hc-reactors__time" dateTime={time} title={formatFull(time, locale)}>
                  {formatAgo(time, now, locale)}
                </time>
              )}
            </li>
          );
        })}
        {left > 0 && <li>{t("acting.others", { count: left })}</li>}
      </ul>
    </section>
  );
}
