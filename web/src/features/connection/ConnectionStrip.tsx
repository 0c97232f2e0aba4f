import type { ReactNode } from "react";

import { useTranslation } from "../../lib/i18n/useTranslation";
import { CheckIcon, OfflineIcon } from "../../ui/icons";
import { Spinner } from "../../ui/Spinner";
import { useChatClient } from "../session";
import type { ConnectionNotice } from "./connectionNotice";
import "./ConnectionStrip.css";
import { useConnectionNotice } from "./useConnectionNotice";

const icons: Readonly<Record<Exclude<ConnectionNotice, "hidden">, ReactNode>> = {
  offline: <OfflineIcon size={14} />,
  connecting: <Spinner size={12} />,
  reconnecting: <Spinner size={12} />,
  upToDate: <CheckIcon size={14} />,
};

/**
 * A line about the connection below a pane's header, and only when there is something to say. It has a place of its own:
 * nothing lies under it. `ConnectionStatus` says the same to screen readers, once for the page.
 */
export function ConnectionStrip(): ReactNode {
  const { t } = useTranslation();
  const client = useChatClient();
  const notice = useConnectionNotice();
  if (notice === "hidden") return null;
  return (
    <div className={`hc-strip hc-strip--${notice}`}>
      {icons[notice]}
      <span className="hc-truncate">{t(`connection.${notice}`)}</span>
      {notice === "reconnecting" && (
        <button type="button" className="hc-strip__retry" onClick={() => client.reconnectNow()}>
          {t("connection.retry")}
        </button>
      )}
    </div>
  );
}

/** Always there, so that screen readers hear it change. */
export function ConnectionStatus(): ReactNode {
  const { t } = useTranslation();
  const notice = useConnectionNotice();
  return (
    <div className="hc-hidden" role="status" aria-label={t("connection.label")}>
      {notice !== "hidden" && t(`connection.${notice}`)}
    </div>
  );
}
