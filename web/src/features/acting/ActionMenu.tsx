import { useLayoutEffect, useRef, type KeyboardEvent, type ReactNode } from "react";
import { ownKeys } from "../../lib/ownKeys";
import { nextIndex } from "../../ui/menuKeys";
import { ActionDialog } from "./ActionDialog";
import type { Anchor } from "./anchors";

interface ActionMenuProps {
  readonly label: string;
  readonly anchor: Anchor;
  onClose(): void;
  readonly children: ReactNode;
}

const ITEM = '[role^="menuitem"]';

/** The commands for one message. Arrows up and down go through the rows, left and right through a row. */
export function ActionMenu({ label, anchor, onClose, children }: ActionMenuProps): ReactNode {
  const list = useRef<HTMLDivElement | null>(null);
  useLayoutEffect(() => {
    list.current?.querySelector<HTMLElement>(ITEM)?.focus();
  }, []);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Tab") onClose();
    const next = list.current === null ? null : nextItem(list.current, event.key);
    if (next === null) return;
    event.preventDefault();
    next.focus();
  };
  return (
    <ActionDialog label={label} anchor={anchor} onClose={onClose}>
      <div ref={list} role="menu" aria-label={label} onKeyDown={ownKeys(onKeyDown)}>
        {children}
      </div>
    </ActionDialog>
  );
}

function nextItem(list: HTMLElement, key: string): HTMLElement | null {
  const items = [...list.querySelectorAll<HTMLElement>(ITEM)];
  const current = items.findIndex((item) => item === document.activeElement);
  const row = items[current]?.closest(".hc-quick") ?? null;
  if (key === "ArrowRight" || key === "ArrowLeft") {
    const own = items.filter((item) => row?.contains(item) === true);
    const index = nextIndex(
      key === "ArrowRight" ? "ArrowDown" : "ArrowUp",
      own.findIndex((item) => item === document.activeElement),
      own.length,
    );
    return index === null ? null : (own[index] ?? null);
  }
  // One stop for each row.
  const stops = items.filter((item, index) => index === current || isStop(item, row));
  const index = nextIndex(key, items[current] === undefined ? -1 : stops.indexOf(items[current]), stops.length);
  return index === null ? null : (stops[index] ?? null);
}

function isStop(item: HTMLElement, row: Element | null): boolean {
  const own = item.closest(".hc-quick");
  return own === null || (own !== row && item.matches(":first-child"));
}
