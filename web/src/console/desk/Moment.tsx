import type { ReactNode } from "react";

import { formatFull, formatShort } from "../../lib/format/dates";
import { useNow } from "../../lib/format/useNow";
import { useTranslation } from "../../lib/i18n/useTranslation";

/** When something was, in short; in full where somebody points at it. */
export function Moment({ at }: { readonly at: string }): ReactNode {
  const { t, locale } = useTranslation();
  const now = useNow();
  return (
    <time className="hc-moment" dateTime={at} title={formatFull(at, locale)}>
      {formatShort(at, now, { locale, t })}
    </time>
  );
}

/** Date and time in full. */
export function FullMoment({ at }: { readonly at: string }): ReactNode {
  const { locale } = useTranslation();
  return <time dateTime={at}>{formatFull(at, locale)}</time>;
}
