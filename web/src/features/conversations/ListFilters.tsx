import { useId, type ReactNode } from "react";

import { useTranslation } from "../../lib/i18n/useTranslation";
import "./ListFilters.css";
import { roomFilters, type RoomFilter } from "./roomFilters";

interface ListFiltersProps {
  readonly value: RoomFilter;
  onChange(filter: RoomFilter): void;
}

/** Which conversations the list shows. One stop for Tab; the arrow keys choose. */
export function ListFilters({ value, onChange }: ListFiltersProps): ReactNode {
  const { t } = useTranslation();
  const name = useId();
  return (
    <fieldset className="hc-filters">
      <legend className="hc-hidden">{t("list.filter")}</legend>
      {roomFilters.map((filter) => (
        <label key={filter} className="hc-filters__choice">
          <input
            type="radio"
            className="hc-filters__input"
            name={name}
            checked={filter === value}
            onChange={() => onChange(filter)}
          />
          {t(`list.filter.${filter}`)}
        </label>
      ))}
    </fieldset>
  );
}
