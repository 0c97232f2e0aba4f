import type { ReactNode } from "react";

import { useTranslation } from "../lib/i18n/useTranslation";
import "./MenuFailed.css";

/** The inside of a menu that was opened could not be had. Opened again, it is tried again. */
export function MenuFailed(): ReactNode {
  const { t } = useTranslation();
  return (
    <p className="hc-menu-failed" role="alert">
      {t("app.partFailed")}
    </p>
  );
}
