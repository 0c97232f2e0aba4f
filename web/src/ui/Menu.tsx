import type { ReactNode } from "react";

import { MenuList } from "./MenuList";
import { useMenu, type TriggerProps } from "./useMenu";

interface MenuProps {
  readonly label: string;
  /** Renders the button; it spreads the properties it is given. */
  trigger(props: TriggerProps): ReactNode;
  /** `MenuItem`s and `MenuGroup`s; `close` gives focus back to the button. */
  children(close: () => void): ReactNode;
}

/** A button that opens a list of commands. */
export function Menu({ label, trigger, children }: MenuProps): ReactNode {
  const menu = useMenu();
  return (
    <div className="hc-menu">
      {trigger(menu.trigger)}
      {menu.isOpen && (
        <MenuList label={label} {...menu.list}>
          {children(menu.list.onClose)}
        </MenuList>
      )}
    </div>
  );
}
