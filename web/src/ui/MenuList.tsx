import { useEffect, useRef, type KeyboardEvent, type ReactNode, type RefObject } from "react";

import { ownKeys } from "../lib/ownKeys";
import { classNames } from "./classNames";
import "./MenuList.css";
import { nextIndex } from "./menuKeys";

export interface MenuListProps {
  readonly id?: string;
  readonly label: string;
  readonly className?: string;
  readonly ref?: RefObject<HTMLDivElement | null>;
  /** What opened it: a click there is no click outside. */
  readonly button?: RefObject<HTMLButtonElement | null>;
  onClose(): void;
  onLeave(): void;
  readonly children: ReactNode;
}

/** The commands of a menu: arrow keys move in it, Escape, Tab and a click outside close it. */
export function MenuList({ id, label, className, ref, button, onClose, onLeave, children }: MenuListProps): ReactNode {
  const own = useRef<HTMLDivElement>(null);
  const list = ref ?? own;
  const itemsOf = (): HTMLElement[] => [...(list.current?.querySelectorAll<HTMLElement>('[role^="menuitem"]') ?? [])];

  useEffect(() => {
    list.current?.querySelector<HTMLElement>('[role^="menuitem"]')?.focus();
  }, [list]);

  useEffect(() => {
    const leave = (event: PointerEvent): void => {
      if (!(event.target instanceof Node)) return;
      if (list.current?.contains(event.target) === true || button?.current?.contains(event.target) === true) return;
      onLeave();
    };
    document.addEventListener("pointerdown", leave);
    return () => document.removeEventListener("pointerdown", leave);
  }, [list, button, onLeave]);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Tab") onLeave();
    if (event.key === "Escape") {
      event.stopPropagation();
      onClose();
    }
    const items = itemsOf();
    const next = nextIndex(event.key, items.indexOf(document.activeElement as HTMLElement), items.length);
    if (next === null) return;
    event.preventDefault();
    items[next]?.focus();
  };

  return (
    <div
      ref={list}
      id={id}
      role="menu"
      aria-label={label}
      className={classNames("hc-menu__list", className)}
      onKeyDown={ownKeys(onKeyDown)}
    >
      {children}
    </div>
  );
}
