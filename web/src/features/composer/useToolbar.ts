import { useId, useState } from "react";

/** Who has opened it wants it in the next conversation, too. */
let wasOpen = false;

interface Toolbar {
  readonly id: string;
  readonly isOpen: boolean;
  readonly toggle: () => void;
}

/** Whether the tools for marks are above the input. */
export function useToolbar(): Toolbar {
  const id = useId();
  const [isOpen, setIsOpen] = useState(wasOpen);
  const toggle = (): void => {
    wasOpen = !isOpen;
    setIsOpen(wasOpen);
  };
  return { id, isOpen, toggle };
}
