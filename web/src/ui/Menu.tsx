import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode, type RefObject } from "react";

import { ownKeys } from "../lib/ownKeys";
import { classNames } from "./classNames";
import "./Menu.css";
import { nextIndex } from "./menuKeys";

interface TriggerProps {
  readonly ref: RefObject<HTMLButtonElement | null>;
  readonly "aria-haspopup": "menu";
  readonly "aria-expanded": boolean;
  readonly "aria-controls": string | undefined;
  onClick(): void;
}

interface MenuProps {
  readonly label: string;
  /** Renders the button; it spreads the properties it is given. */
  trigger(props: TriggerProps): ReactNode;
  readonly align?: "start" | "end";
  /** `MenuItem`s and `MenuGroup`s; `close` gives focus back to the button. */
  children(close: () => void): ReactNode;
}

/** A button that opens a list of commands: arrow keys move in it, Escape, Tab and a click outside close it. */
export function Menu({ label, trigger, align = "start", children }: MenuProps): ReactNode {
  const [isOpen, setIsOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const listId = useId();
  const close = (): void => {
    setIsOpen(false);
    button.current?.focus();
  };
  return (
    <div className="hc-menu">
      {trigger({
        ref: button,
        "aria-haspopup": "menu",
        "aria-expanded": isOpen,
        "aria-controls": isOpen ? listId : undefined,
        onClick: () => setIsOpen(!isOpen),
      })}
      {isOpen && (
        <MenuList
          id={listId}
          label={label}
          className={`hc-menu__list--${align}`}
          button={button}
          onClose={close}
          onLeave={() => setIsOpen(false)}
        >
          {children(close)}
        </MenuList>
      )}
    </div>
  );
}

interface MenuListProps {
  readonly id?: string;
  readonly label: string;
  readonly className: string;
  readonly ref?: RefObject<HTMLDivElement | null>;
  /** What opened it: a click there is no click outside. */
  readonly button?: RefObject<HTMLButtonElement | null>;
  onClose(): void;
  onLeave(): void;
  readonly children: ReactNode;
}

/** The commands themselves. */
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
