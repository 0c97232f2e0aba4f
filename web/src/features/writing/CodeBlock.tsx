import type { ReactNode } from "react";
import { classNames } from "../../ui/classNames";
import { IconButton } from "../../ui/IconButton";
import { CheckIcon } from "../../ui/icons";
import { useCopying } from "../../ui/useCopying";
import { CopyIcon } from "./icons";
import { useWritingTexts } from "./useWritingTexts";

interface CodeBlockProps {
  /** As it was named behind the back-ticks; empty when it was not. */
  readonly language: string;
  readonly text: string;
}

/** Lines of code, and a button that copies them. */
export function CodeBlock({ language, text }: CodeBlockProps): ReactNode {
  const { t } = useWritingTexts();
  const { canCopy, isCopied, copy } = useCopying();
  return (
    <div className={classNames("hc-code", language === "" && canCopy && "hc-code--bare")} dir="ltr">
      {(language !== "" || canCopy) && (
        <div className="hc-code__bar">
          <span className="hc-code__language">{language}</span>
          {canCopy && (
            <IconButton
              className="hc-code__copy"
              label={t(isCopied ? "writing.copied" : "writing.copyCode")}
              onClick={() => copy(text)}
            >
              {isCopied ? <CheckIcon size={16} /> : <CopyIcon size={16} />}
            </IconButton>
          )}
        </div>
      )}
      <pre className="hc-code__lines">
        <code>{text}</code>
      </pre>
      <span className="hc-hidden" role="status">
        {isCopied && t("writing.copied")}
      </span>
    </div>
  );
}
