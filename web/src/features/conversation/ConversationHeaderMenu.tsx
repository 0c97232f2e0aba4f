import type { ReactNode } from "react";

import { useTranslation } from "../../lib/i18n/useTranslation";
import type { Room } from "../../realtime/types";
import { IconButton } from "../../ui/IconButton";
import { MoreIcon } from "../../ui/icons";
import { MenuFailed } from "../../ui/MenuFailed";
import { useMenu } from "../../ui/useMenu";
import { useRoomMenus } from "../rooms";

/** What can be done with a conversation as a whole. */
export function ConversationHeaderMenu({ room }: { readonly room: Room }): ReactNode {
  const { t } = useTranslation();
  const menu = useMenu();
  const { parts, hasFailed } = useRoomMenus(menu.isWanted);
  const label = t("conversation.menu");
  return (
    <div className="hc-conversation-header__menu">
      <div className="hc-menu">
        <IconButton label={label} {...menu.trigger}>
          <MoreIcon />
        </IconButton>
        {parts !== null && <parts.HeaderMenu room={room} label={label} menu={menu} />}
        {menu.isOpen && hasFailed && <MenuFailed />}
      </div>
    </div>
  );
}
