import type { ReactNode } from "react";
import { useTranslation } from "../../lib/i18n/useTranslation";
import { useCopying } from "../../ui/useCopying";

/** What was written need not be lost with the message. */
export function CopyText({ text }: { readonly text: string }): ReactNode {
  const { t } = useTranslation();
  const { canCopy, isCopied, copy } = useCopying();
  if (!canCopy) return null;
  return (
    <>
      <button type="button" className="hc-text-action" onClick={() => copy(text)}>
        {t(isCopied ? "message.copied" : "message.copy")}
      </button>
      <span className="hc-hidden" role="status">
        {isCopied && t("message.copied")}
      </span>
    </>
  );
}
