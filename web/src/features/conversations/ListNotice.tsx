import type { ReactNode } from "react";

import { describeError } from "../../lib/i18n/describeError";
import { useTranslation } from "../../lib/i18n/useTranslation";
import type { RoomsState } from "../../realtime/types";
import { Button } from "../../ui/Button";
import { EmptyState } from "../../ui/EmptyState";
import { AlertIcon, ArchiveIcon, ChatIcon, SearchIcon } from "../../ui/icons";
import type { RoomFilter } from "./roomFilters";
import { ListSkeleton } from "./ListSkeleton";

interface ListNoticeProps {
  readonly state: RoomsState;
  readonly query: string;
  readonly filter: RoomFilter;
  onNew(query: string): void;
  onReload(): void;
}

/** What stands in the place of conversations when there are none to show. */
export function ListNotice({ state, query, filter, onNew, onReload }: ListNoticeProps): ReactNode {
  const { t } = useTranslation();
  if (state.phase === "loading") return <ListSkeleton label={t("list.loading")} rows={7} />;
  if (state.phase === "failed") {
    return (
      <EmptyState
        tone="danger"
        icon={<AlertIcon size={26} />}
        title={t("list.failed")}
        {...(state.error === null ? {} : { hint: describeError(state.error, t) })}
        action={<Button onClick={onReload}>{t("app.tryAgain")}</Button>}
      />
    );
  }
  if (query.trim() !== "") {
    return (
      <EmptyState
        icon={<SearchIcon size={26} />}
        title={t("list.noMatch", { query: query.trim() })}
        action={<Button onClick={() => onNew(query.trim())}>{t("list.noMatchAction", { query: query.trim() })}</Button>}
      />
    );
  }
  if (filter !== "all") {
    return (
      <EmptyState
        icon={filter === "archived" ? <ArchiveIcon size={26} /> : <ChatIcon size={26} />}
        title={t(`list.none.${filter}`)}
        hint={t(`list.none.${filter}Hint`)}
      />
    );
  }
  return (
    <EmptyState
      icon={<ChatIcon size={26} />}
      title={t("list.empty")}
      hint={t("list.emptyHint")}
      action={
        <Button variant="primary" onClick={() => onNew("")}>
          {t("list.emptyAction")}
        </Button>
      }
    />
  );
}
