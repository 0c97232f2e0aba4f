import { useState, type ReactNode } from "react";

import { useTranslation } from "../../lib/i18n/useTranslation";
import { Chip } from "../desk/Chip";
import { Fact, Facts } from "../desk/Facts";
import { FullMoment, Moment } from "../desk/Moment";
import { DetailPane } from "../desk/Pane";
import { PersonLink } from "../desk/PersonLink";
import { RecordTable, type Column } from "../desk/RecordTable";
import { useConsoleClient } from "../ConsoleClientContext";
import type { Delivery, Notice } from "../types";
import { useConsoleTexts, type ConsoleKey, type TranslateConsole } from "../useConsoleTexts";
import { PAGE, usePages } from "../usePages";

/** One notice: what it says, how many are in which state, and what became of it for each person, a page at a time. */
export function NoticeDetail({ id, onClose }: { readonly id: string; onClose(): void }): ReactNode {
  const { t } = useConsoleTexts();
  const client = useConsoleClient();
  const [notice, setNotice] = useState<Notice | null>(null);
  const pages = usePages<Delivery>(id, async (cursor, signal) => {
    const path = `/api/admin/notifications/${encodeURIComponent(id)}`;
    const { data, nextCursor } = await client.request<Notice>(path, { query: { limit: PAGE, cursor }, signal });
    setNotice(data);
    return { data: data.deliveries, nextCursor };
  });
  return (
    <DetailPane title={notice?.title ?? t("console.notices.title")} onClose={onClose}>
      {notice !== null && <NoticeFacts notice={notice} />}
      <RecordTable
        label={t("console.notices.states")}
        columns={columnsOf(t)}
        pages={pages}
        idOf={(delivery) => delivery.notificationId}
        empty={{ title: t("console.notices.noDeliveries") }}
        isPart
      />
    </DetailPane>
  );
}

function NoticeFacts({ notice }: { readonly notice: Notice }): ReactNode {
  const { t } = useConsoleTexts();
  const { locale } = useTranslation();
  const counts = new Intl.NumberFormat(locale);
  return (
    <Facts>
      <Fact name={t("console.notices.body")}>
        <span className="hc-facts__text" dir="auto">
          {notice.body}
        </span>
      </Fact>
      <Fact name={t("console.notices.type")}>{notice.type}</Fact>
      <Fact name={t("console.notices.sendAt")}>
        <FullMoment at={notice.sendAt} />
      </Fact>
      <Fact name={t("console.notices.created")}>
        <FullMoment at={notice.createdAt} />
      </Fact>
      <Fact name={t("console.notices.states")}>
        {Object.entries(notice.states)
          .map(([state, count]) => `${nameOfState(state, t)}: ${counts.format(count)}`)
          .join(" · ")}
      </Fact>
      {notice.unknownUserIds.length > 0 && (
        <Fact name={t("console.notices.unknown")}>{notice.unknownUserIds.join(", ")}</Fact>
      )}
    </Facts>
  );
}

const STATE_KEYS: Readonly<Record<string, ConsoleKey & `console.notices.state.${string}`>> = {
  scheduled: "console.notices.state.scheduled",
  sent: "console.notices.state.sent",
  delivered: "console.notices.state.delivered",
  read: "console.notices.state.read",
  cancelled: "console.notices.state.cancelled",
  failed: "console.notices.state.failed",
  expired: "console.notices.state.expired",
};

/** A state of a newer server is shown as it is called there. */
function nameOfState(state: string, t: TranslateConsole): string {
  const key = STATE_KEYS[state];
  return key === undefined ? state : t(key);
}

function columnsOf(t: TranslateConsole): readonly Column<Delivery>[] {
  return [
    {
      key: "person",
      heading: t("console.notices.person"),
      cell: (delivery) => <PersonLink person={{ id: delivery.userId, name: delivery.name }} />,
    },
    {
      key: "state",
      heading: t("console.notices.delivery"),
      cell: (delivery) => (
        <Chip tone={delivery.state === "failed" ? "danger" : "neutral"}>{nameOfState(delivery.state, t)}</Chip>
      ),
    },
    {
      key: "events",
      heading: t("console.notices.events"),
      cell: (delivery) => (
        <ul>
          {delivery.events.map((event, index) => (
            <li key={index}>
              {nameOfState(event.state, t)}
              {event.reason !== null && ` (${event.reason})`} · <Moment at={event.at} />
            </li>
          ))}
        </ul>
      ),
    },
  ];
}
