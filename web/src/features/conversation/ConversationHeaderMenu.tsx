import { useEffect, type ReactNode } from "react";

import { useTranslation } from "../../lib/i18n/useTranslation";
import { Banner } from "../../ui/Banner";
import { IconButton } from "../../ui/IconButton";
import { MoreIcon } from "../../ui/icons";
import { Menu } from "../../ui/Menu";
import { failureText, MuteItems, useChoice } from "../preferences";

const failureShownMs = 6000;

/** What can be done with a conversation as a whole. */
export function ConversationHeaderMenu({ roomId }: { readonly roomId: string }): ReactNode {
  const { t } = useTranslation();
  const { choose, state, chosen, error, forgive } = useChoice();

  useEffect(() => {
    if (error === null) return;
    const timer = setTimeout(forgive, failureShownMs);
    return () => clearTimeout(timer);
    // Counted from the failure; `forgive` is new with each render.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [error]);

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
        {(close) => (
          <MuteItems
            roomId={roomId}
            onChoose={(until) => {
              close();
              choose({ kind: "mute", roomId, until });
            }}
          />
        )}
      </Menu>
      <span className="hc-hidden" role="status">
        {state === "saved" && chosen?.kind === "mute" && t(chosen.until === null ? "mute.undone" : "mute.done")}
      </span>
      <div className="hc-conversation-header__failure" role="alert">
        {error !== null && <Banner tone="danger">{failureText(error, t)}</Banner>}
      </div>
    </div>
  );
}
