import type { ReactNode } from "react";

import { useTranslation } from "../../lib/i18n/useTranslation";
import type { Room } from "../../realtime/types";
import { IconButton } from "../../ui/IconButton";
import { MoreIcon } from "../../ui/icons";
import { Menu } from "../../ui/Menu";
import { RoomItems, useRoomQuestion } from "../rooms";

/** What can be done with a conversation as a whole. */
export function ConversationHeaderMenu({ room }: { readonly room: Room }): ReactNode {
  const { t } = useTranslation();
  const { ask, dialog } = useRoomQuestion();
  return (
    <div className="hc-conversation-header__menu">
      <Menu
        label={t("conversation.menu")}
        align="end"
        trigger={(props) => (
          <IconButton label={t("conversation.menu")} {...props}>
            <MoreIcon />
          </IconButton>
        )}
      >
        {(close) => <RoomItems room={room} ask={ask} close={close} />}
      </Menu>
      {dialog}
    </div>
  );
}
