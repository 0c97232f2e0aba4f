import { useEffect, useMemo, type ReactNode } from "react";

import { useTranslation } from "../../lib/i18n/useTranslation";
import { useStore } from "../../lib/useStore";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { CheckIcon, OfflineIcon } from "../../ui/icons";
import { Spinner } from "../../ui/Spinner";
import { useChatClient } from "../session";
import { BannerFollower, type BannerState } from "./bannerState";
import "./ConnectionBanner.css";

/** One line about the connection, and only when there is something to say. It lies over the page and moves nothing. */
export function ConnectionBanner(): ReactNode {
  const { t } = useTranslation();
  const client = useChatClient();
  const follower = useMemo(() => new BannerFollower(client.connection), [client]);
  useEffect(() => follower.start(), [follower]);
  const state = useStore(follower.state);
  return (
    <div className="hc-connection" role="status" aria-label={t("connection.label")}>
      {state !== "hidden" && <Line state={state} onRetry={() => client.reconnectNow()} />}
    </div>
  );
}

interface LineProps {
  readonly state: Exclude<BannerState, "hidden">;
  onRetry(): void;
}

function Line({ state, onRetry }: LineProps): ReactNode {
  const { t } = useTranslation();
  if (state === "upToDate") {
    return (
      <Banner tone="success" icon={<CheckIcon size={16} />}>
        {t("connection.upToDate")}
      </Banner>
    );
  }
  if (state === "offline") {
    return (
      <Banner tone="warning" icon={<OfflineIcon size={16} />}>
        {t("connection.offline")}
      </Banner>
    );
  }
  const retry = (
    <Button variant="quiet" size="small" onClick={onRetry}>
      {t("connection.retry")}
    </Button>
  );
  return (
    <Banner icon={<Spinner size={14} />} action={retry}>
      {t("connection.reconnecting")}
    </Banner>
  );
}
