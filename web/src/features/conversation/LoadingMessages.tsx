import type { ReactNode } from "react";
import { useTranslation } from "../../lib/i18n/useTranslation";
import { classNames } from "../../ui/classNames";
import { Skeleton } from "../../ui/Skeleton";
import "./LoadingMessages.css";

const bubbles = [
  { width: 210, height: 38, isOwn: false },
  { width: 260, height: 58, isOwn: false },
  { width: 160, height: 38, isOwn: true },
  { width: 240, height: 58, isOwn: true },
  { width: 190, height: 38, isOwn: false },
  { width: 120, height: 38, isOwn: true },
];

/** The shape of a conversation that is on its way. */
export function LoadingMessages(): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="hc-loading-messages" role="status" aria-label={t("conversation.loading")}>
      {bubbles.map(({ width, height, isOwn }, index) => (
        <span
          key={index}
          className={classNames("hc-loading-messages__bubble", isOwn && "hc-loading-messages__bubble--own")}
        >
          <Skeleton width={width} height={height} />
        </span>
      ))}
    </div>
  );
}
