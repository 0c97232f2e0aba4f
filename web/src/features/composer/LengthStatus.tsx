import type { ReactNode } from "react";
import { useTranslation } from "../../lib/i18n/useTranslation";
import { classNames } from "../../ui/classNames";
import type { Limit } from "./limit";

/** How many characters are left, near the limit, and how many are too many beyond it. Always there, so that screen readers hear it change. */
export function LengthStatus({ id, limit }: { readonly id: string; readonly limit: Limit }): ReactNode {
  const { t } = useTranslation();
  return (
    <p
      id={id}
      role="status"
      className={classNames("hc-composer__status", limit.kind === "over" && "hc-composer__status--over")}
    >
      {limit.kind === "near" && t("composer.left", { count: limit.left })}
      {limit.kind === "over" && t("composer.over", { count: limit.by })}
    </p>
  );
}
