import type { ReactNode } from "react";

import type { Room } from "../../realtime/types";
import { MenuList } from "../../ui/MenuList";
import type { MenuState } from "../../ui/useMenu";
import { RoomItems } from "./RoomItems";
import { useRoomQuestion } from "./useRoomQuestion";

interface HeaderMenuProps {
  readonly room: Room;
  readonly label: string;
  readonly menu: MenuState;
}

/** The list of the menu in a conversation's header, and what is asked by it. */
export function HeaderMenu({ room, label, menu }: HeaderMenuProps): ReactNode {
  const { ask, dialog } = useRoomQuestion();
  return (
    <>
      {menu.isOpen && (
        <MenuList label={label} className="hc-menu__list--end" {...menu.list}>
          <RoomItems room={room} ask={ask} close={menu.list.onClose} />
        </MenuList>
      )}
      {dialog}
    </>
  );
}
