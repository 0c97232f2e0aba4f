import { useEffect, useState, type ReactNode } from "react";
import { useTranslation } from "../../lib/i18n/useTranslation";

const COPIED_SHOWN_MS = 2_000;

/** What was written need not be lost with the message. Pages without TLS may not write to the clipboard. */
export function CopyText({ text }: { readonly text: string }): ReactNode {
  const { t } = useTranslation();
  const [isCopied, setIsCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setIsCopied(false), COPIED_SHOWN_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);
  if (!("clipboard" in navigator)) return null;
  const copy = (): void =>
    void navigator.clipboard.writeText(text).then(
      () => setIsCopied(true),
      () => setIsCopied(false),
    );
  return (
    <>
      <button type="button" className="hc-text-action" onClick={copy}>
        {t(isCopied ? "message.copied" : "message.copy")}
      </button>
      <span className="hc-hidden" role="status">
        {isCopied && t("message.copied")}
      </span>
    </>
  );
}
