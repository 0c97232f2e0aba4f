import type { KeyboardEvent, ReactNode, Ref } from "react";

import { ownKeys } from "../lib/ownKeys";
import { IconButton } from "./IconButton";
import { CloseIcon, SearchIcon } from "./icons";
import "./SearchField.css";

interface SearchFieldProps {
  /** The accessible name, and what stands in the empty field. */
  readonly label: string;
  readonly clearLabel: string;
  readonly value: string;
  onChange(value: string): void;
  onKeyDown?(event: KeyboardEvent<HTMLInputElement>): void;
  readonly ref?: Ref<HTMLInputElement>;
  /** The list of what is found, in which the field keeps the keyboard: its id, and that of the entry that Enter chooses. */
  readonly results?: { readonly id: string; readonly activeId: string | undefined };
}

export function SearchField(props: SearchFieldProps): ReactNode {
  const { label, clearLabel, value, onChange, onKeyDown, ref, results } = props;
  const combobox = results !== undefined && {
    role: "combobox",
    "aria-expanded": true,
    "aria-controls": results.id,
    "aria-activedescendant": results.activeId,
    "aria-autocomplete": "list" as const,
  };
  return (
    <div className="hc-search">
      <SearchIcon size={17} />
      <input
        ref={ref}
        type="search"
        className="hc-search__input"
        aria-label={label}
        placeholder={label}
        value={value}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        enterKeyHint="search"
        {...combobox}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={onKeyDown && ownKeys(onKeyDown)}
      />
      {value !== "" && (
        <IconButton label={clearLabel} className="hc-search__clear" onClick={() => onChange("")}>
          <CloseIcon size={16} />
        </IconButton>
      )}
    </div>
  );
}
