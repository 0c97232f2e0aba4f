import { useRef, type MouseEvent, type ReactNode } from "react";
import { Link, useLocation } from "wouter";

import { Button } from "../../ui/Button";
import { classNames } from "../../ui/classNames";
import { EmptyState } from "../../ui/EmptyState";
import { CheckIcon } from "../../ui/icons";
import { LoadFailure } from "../../ui/LoadFailure";
import { Skeleton } from "../../ui/Skeleton";
import { useConsoleTexts } from "../useConsoleTexts";
import type { Pages } from "../usePages";
import { useRowKeys } from "./keys";
import "./RecordTable.css";

export interface Column<T> {
  readonly key: string;
  readonly heading: string;
  cell(row: T): ReactNode;
  /** Left out where the table is narrow. */
  readonly isExtra?: boolean;
}

interface RecordTableProps<T> {
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly pages: Pages<T>;
  idOf(row: T): string;
  /** Where a row leads; without it, rows are read where they are. */
  addressOf?(row: T): string;
  readonly chosenId?: string | null;
  /** Whether it is part of what is chosen: keys move in the list beside it. */
  readonly isPart?: boolean;
  readonly empty: { readonly title: string; readonly hint?: string };
}

/** A list of things, a page at a time. The first cell of a row is the link to it; a click anywhere in the row follows it. */
export function RecordTable<T>(props: RecordTableProps<T>): ReactNode {
  const { label, columns, pages, idOf, empty, isPart = false } = props;
  const box = useRef<HTMLDivElement>(null);
  useRowKeys(box, !isPart);
  return (
    <div ref={box} className={classNames("hc-records", isPart && "hc-records--part")}>
      {pages.rows.length > 0 && (
        <table className="hc-records__table">
          <caption className="hc-hidden">{label}</caption>
          <thead>
            <tr>
              {columns.map(({ key, heading, isExtra }) => (
                <th key={key} scope="col" className={classNames(isExtra === true && "hc-records__extra")}>
                  {heading}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {pages.rows.map((row) => (
              <RecordRow key={idOf(row)} row={row} table={props} />
            ))}
          </tbody>
        </table>
      )}
      <RecordsEnd pages={pages} empty={empty} />
    </div>
  );
}

function RecordRow<T>({ row, table }: { readonly row: T; readonly table: RecordTableProps<T> }): ReactNode {
  const { columns, idOf, addressOf, chosenId, isPart = false } = table;
  const [, navigate] = useLocation();
  const address = addressOf?.(row);
  const isChosen = chosenId === idOf(row);
  const open = (event: MouseEvent): void => {
    // A link in the row goes its own way, and who selects text opens nothing.
    if (address === undefined || (event.target as Element).closest("a, button") !== null) return;
    if (getSelection()?.isCollapsed !== false) navigate(address);
  };
  return (
    <tr
      className={classNames(address !== undefined && "hc-records__row--link", isChosen && "hc-records__row--chosen")}
      onClick={open}
      {...(address === undefined && !isPart ? { tabIndex: -1, "data-row": idOf(row) } : {})}
    >
      {columns.map(({ key, cell, isExtra }, index) => (
        <td key={key} className={classNames(isExtra === true && "hc-records__extra")}>
          {index === 0 && address !== undefined ? (
            <Link
              href={address}
              className="hc-records__link"
              data-row={idOf(row)}
              aria-current={isChosen ? "true" : undefined}
            >
              {cell(row)}
            </Link>
          ) : (
            cell(row)
          )}
        </td>
      ))}
    </tr>
  );
}

/** What follows the rows: more of them, that there are none, or why they did not come. */
function RecordsEnd<T>({
  pages,
  empty,
}: {
  readonly pages: Pages<T>;
  readonly empty: RecordTableProps<T>["empty"];
}): ReactNode {
  const { t } = useConsoleTexts();
  const { rows, phase, error, hasMore } = pages;
  if (phase === "failed" && error !== null) {
    return (
      <LoadFailure
        title={t("console.loadFailed")}
        error={error}
        offlineHint={t("console.offlineHint")}
        onRetry={rows.length === 0 ? pages.reload : pages.loadMore}
      />
    );
  }
  if (phase === "loading") return <LoadingRows count={rows.length === 0 ? 6 : 1} />;
  return (
    <div className="hc-records__end">
      <p role="status" className={classNames(rows.length === 0 && "hc-hidden")}>
        {rows.length === 0 ? empty.title : t("console.shown", { count: rows.length })}
      </p>
      {rows.length === 0 && !hasMore && <EmptyState icon={<CheckIcon size={26} />} {...empty} />}
      {hasMore && <Button onClick={pages.loadMore}>{t("console.more")}</Button>}
    </div>
  );
}

function LoadingRows({ count }: { readonly count: number }): ReactNode {
  const { t } = useConsoleTexts();
  return (
    <div className="hc-records__loading" role="status" aria-label={t("console.loading")}>
      {Array.from({ length: count }, (_, row) => (
        <Skeleton key={row} width="100%" height={44} />
      ))}
    </div>
  );
}
