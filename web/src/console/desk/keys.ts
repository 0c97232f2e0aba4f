import { useEffect, type RefObject } from "react";

import { ownKeys } from "../../lib/ownKeys";
import { isBehindDialog } from "../../lib/shortcuts";

/** Whether keys that reach it write something there. */
export function isEditable(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]");
}

const STEPS: Readonly<Record<string, number>> = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };

/**
 * Moves the focus among the rows of a list: j and k from anywhere but a field, arrows, Home and End from a row. Moving
 * opens nothing: each look of a moderator is on record.
 */
export function useRowKeys(list: RefObject<HTMLElement | null>, isOn: boolean): void {
  useEffect(() => {
    if (!isOn) return;
    const onKeyDown = ownKeys((event: KeyboardEvent): void => {
      const { key, target } = event;
      if (event.ctrlKey || event.metaKey || event.altKey || isEditable(target) || isBehindDialog(event)) return;
      const rows = [...(list.current?.querySelectorAll<HTMLElement>("[data-row]") ?? [])];
      const at = rows.findIndex((row) => row === document.activeElement);
      const next = nextRow(key, at, rows);
      if (next === undefined) return;
      event.preventDefault();
      next.focus();
    });
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [list, isOn]);
}

function nextRow(key: string, at: number, rows: readonly HTMLElement[]): HTMLElement | undefined {
  const step = STEPS[key];
  if (at === -1) {
    // From elsewhere, letters lead to the list: to what is chosen of it, or to its beginning.
    const isLetter = key === "j" || key === "k";
    return isLetter ? (rows.find((row) => row.hasAttribute("aria-current")) ?? rows[0]) : undefined;
  }
  if (step !== undefined) return rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
  if (key === "Home") return rows[0];
  return key === "End" ? rows.at(-1) : undefined;
}
