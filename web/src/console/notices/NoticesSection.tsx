import { type ReactNode } from "react";

import { Moment } from "../desk/Moment";
import { SectionPane } from "../desk/Pane";
import { RecordTable, type Column } from "../desk/RecordTable";
import { useChosen } from "../desk/useChosen";
import { useConsoleClient } from "../ConsoleClientContext";
import { usePlace } from "../places";
import type { ListedNotice } from "../types";
import { useConsoleTexts, type TranslateConsole } from "../useConsoleTexts";
import { PAGE, usePages } from "../usePages";
import { NoticeDetail } from "./NoticeDetail";

/** What the host has told people, and what became of it for each of them. */
export function NoticesSection(): ReactNode {
  const { t } = useConsoleTexts();
  const client = useConsoleClient();
  const place = usePlace("notices");
  const { id, close } = useChosen(place);
  const pages = usePages<ListedNotice>("notices", (cursor, signal) =>
    client.request("/api/admin/notifications", { query: { limit: PAGE, cursor }, signal }),
  );
  return (
    <SectionPane
      title={t("console.section.notices")}
      onRefresh={pages.reload}
      list={
        <RecordTable
          label={t("console.section.notices")}
          columns={columnsOf(t)}
          pages={pages}
          idOf={(notice) => notice.id}
          addressOf={(notice) => place.with({ id: notice.id })}
          chosenId={id}
          empty={{ title: t("console.notices.none"), hint: t("console.notices.noneHint") }}
        />
      }
      detail={id === null ? null : <NoticeDetail key={id} id={id} onClose={close} />}
    />
  );
}

function columnsOf(t: TranslateConsole): readonly Column<ListedNotice>[] {
  return [
    {
      key: "title",
      heading: t("console.notices.title"),
      cell: (notice) => (
        <>
          <span className="hc-records__main" dir="auto">
            {notice.title}
          </span>
          <span className="hc-records__sub" dir="auto">
            {notice.body}
          </span>
        </>
      ),
    },
    { key: "type", heading: t("console.notices.type"), cell: (notice) => notice.type, isExtra: true },
    { key: "sendAt", heading: t("console.notices.sendAt"), cell: (notice) => <Moment at={notice.sendAt} /> },
  ];
}
