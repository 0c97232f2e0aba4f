import { useMemo, type ReactNode } from "react";
import { useTranslation } from "../../lib/i18n/useTranslation";
import { useStore } from "../../lib/useStore";
import { classNames } from "../../ui/classNames";
import { SettingsIcon } from "../../ui/icons";
import { useChatClient } from "../session";
import { countActive, NO_FILTERS, sendersOf, type Filters } from "./filters";
import { useSearchTexts } from "./useSearchTexts";

interface FilterButtonProps {
  readonly filters: Filters;
  readonly isOpen: boolean;
  onToggle(): void;
}

export function FilterButton({ filters, isOpen, onToggle }: FilterButtonProps): ReactNode {
  const { t } = useSearchTexts();
  const count = countActive(filters);
  const label = count === 0 ? t("search.filters") : t("search.filtersActive", { count });
  return (
    <button
      type="button"
      className={classNames("hc-palette__filter-button", count > 0 && "hc-palette__filter-button--active")}
      aria-label={label}
      aria-expanded={isOpen}
      title={label}
      onClick={onToggle}
    >
      <SettingsIcon size={20} />
      {count > 0 && <span className="hc-palette__filter-count">{count}</span>}
    </button>
  );
}

interface FilterBarProps {
  readonly filters: Filters;
  onChange(filters: Filters): void;
}

/** Which messages are looked for: what they contain, whose they are, and when they were sent. */
export function FilterBar({ filters, onChange }: FilterBarProps): ReactNode {
  const { t } = useSearchTexts();
  const { locale } = useTranslation();
  const client = useChatClient();
  const { rooms } = useStore(client.rooms);
  const me = useStore(client.me);
  const senders = useMemo(() => sendersOf(rooms, me, locale), [rooms, me, locale]);
  const change = (part: Partial<Filters>): void => onChange({ ...filters, ...part });
  return (
    <div className="hc-palette__filters" role="group" aria-label={t("search.filters")}>
      <label>
        {t("search.has")}
        <select
          className="hc-field"
          value={filters.has}
          onChange={(event) => change({ has: event.target.value as Filters["has"] })}
        >
          <option value="">{t("search.hasAny")}</option>
          <option value="link">{t("search.hasLink")}</option>
          <option value="image">{t("search.hasImage")}</option>
          <option value="file">{t("search.hasFile")}</option>
        </select>
      </label>
      <label>
        {t("search.from")}
        <select
          className="hc-field"
          value={filters.senderId}
          onChange={(event) => change({ senderId: event.target.value })}
        >
          <option value="">{t("search.anyone")}</option>
          {me !== null && <option value={me.id}>{t("search.me")}</option>}
          {senders.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t("search.since")}
        <input
          className="hc-field"
          type="date"
          value={filters.since}
          max={filters.until}
          onChange={(event) => change({ since: event.target.value })}
        />
      </label>
      <label>
        {t("search.until")}
        <input
          className="hc-field"
          type="date"
          value={filters.until}
          min={filters.since}
          onChange={(event) => change({ until: event.target.value })}
        />
      </label>
      {countActive(filters) > 0 && (
        <button type="button" className="hc-text-action" onClick={() => onChange(NO_FILTERS)}>
          {t("search.reset")}
        </button>
      )}
    </div>
  );
}
