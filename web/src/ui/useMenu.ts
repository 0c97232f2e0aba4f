import { useId, useRef, useState, type RefObject } from "react";

import "./useMenu.css";

export interface TriggerProps {
  readonly ref: RefObject<HTMLButtonElement | null>;
  readonly "aria-haspopup": "menu";
  readonly "aria-expanded": boolean;
  readonly "aria-controls": string | undefined;
  onClick(): void;
  onPointerEnter(): void;
  onPointerLeave(): void;
  onFocus(): void;
  onBlur(): void;
}

/** What the list of commands needs to know of its button. */
export interface OpenedBy {
  readonly id: string;
  readonly button: RefObject<HTMLButtonElement | null>;
  /** Gives focus back to the button. */
  onClose(): void;
  onLeave(): void;
}

export interface MenuState {
  readonly isOpen: boolean;
  /** It is open, or somebody is about to open it: time to fetch what is in it. */
  readonly isWanted: boolean;
  readonly trigger: TriggerProps;
  readonly list: OpenedBy;
}

/** A button and its menu, of which `MenuList` is the other half. Both are put into an element of the class `hc-menu`. */
export function useMenu(): MenuState {
  const [isOpen, setIsOpen] = useState(false);
  const [isNear, setIsNear] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  return {
    isOpen,
    isWanted: isOpen || isNear,
    trigger: {
      ref: button,
      "aria-haspopup": "menu",
      "aria-expanded": isOpen,
      "aria-controls": isOpen ? id : undefined,
      onClick: () => setIsOpen(!isOpen),
      onPointerEnter: () => setIsNear(true),
      onPointerLeave: () => setIsNear(false),
      onFocus: () => setIsNear(true),
      onBlur: () => setIsNear(false),
    },
    list: {
      id,
      button,
      onClose: () => {
        setIsOpen(false);
        button.current?.focus();
      },
      onLeave: () => setIsOpen(false),
    },
  };
}
