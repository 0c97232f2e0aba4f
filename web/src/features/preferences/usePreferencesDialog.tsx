import { useState, type ReactNode } from "react";

import { PreferencesDialog } from "./PreferencesDialog";

/** `open` is for a button or a menu's item; `dialog` is to be rendered beside it, outside the menu. */
export function usePreferencesDialog(): { open(): void; readonly dialog: ReactNode } {
  const [isOpen, setIsOpen] = useState(false);
  return {
    open: () => setIsOpen(true),
    dialog: isOpen && <PreferencesDialog onClose={() => setIsOpen(false)} />,
  };
}
