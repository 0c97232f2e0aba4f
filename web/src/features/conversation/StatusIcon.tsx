import type { ReactNode } from "react";
import type { MessageKey } from "../../lib/i18n/translate";
import { useTranslation } from "../../lib/i18n/useTranslation";
import type { SendState } from "../../realtime/types";

const names = {
  queued: "message.queued",
  sent: "message.sent",
  delivered: "message.delivered",
  read: "message.read",
  refused: "message.refused",
} as const satisfies Record<SendState, MessageKey>;

const tick = <path d="m1 6.4 2.8 2.9 6.3-6.6" />;
const secondTick = <path d="m7.6 8.7.6.6 6.4-6.6" />;

const shapes: Readonly<Record<SendState, ReactNode>> = {
  queued: (
    <>
      <circle cx="8" cy="6" r="4.6" />
      <path d="M8 3.6V6l1.7 1" />
    </>
  ),
  sent: <g transform="translate(2)">{tick}</g>,
  delivered: (
    <>
      {tick}
      {secondTick}
    </>
  ),
  read: (
    <>
      {tick}
      {secondTick}
    </>
  ),
  refused: (
    <>
      <circle cx="8" cy="6" r="5" />
      <path d="M8 3.3v3.2M8 8.6v.1" />
    </>
  ),
};

/** What became of an own message: a clock, one tick, two, two in colour, or a red mark. All of one size, so that nothing moves. */
export function StatusIcon({ state }: { readonly state: SendState }): ReactNode {
  const { t } = useTranslation();
  return (
    <svg
      className={`hc-status hc-status--${state}`}
      width="16"
      height="12"
      viewBox="0 0 16 12"
      role="img"
      aria-label={t(names[state])}
    >
      {shapes[state]}
    </svg>
  );
}
