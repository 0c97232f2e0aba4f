import type { ReactNode } from "react";
import type { FoundMessage, Message } from "../../realtime/types";
import { excerptOf } from "./excerpt";
import { useSearchTexts } from "./useSearchTexts";

/** Some words of a found message, those that were looked for marked. */
export function Excerpt({ found: { message, highlights } }: { readonly found: FoundMessage }): ReactNode {
  const { t } = useSearchTexts();
  const file = message.type === "image" ? t("search.photo") : message.type === "file" ? t("search.file") : null;
  if (file !== null && highlights.length === 0) {
    return <bdi className="hc-option__excerpt">{nameOfFile(message) ?? file}</bdi>;
  }
  return (
    <bdi className="hc-option__excerpt" dir="auto">
      {excerptOf(message.content, highlights).map(({ text, isFound }, index) =>
        isFound ? (
          <mark key={index} className="hc-found">
            {text}
          </mark>
        ) : (
          text
        ),
      )}
    </bdi>
  );
}

function nameOfFile({ metadata }: Message): string | null {
  return typeof metadata?.name === "string" && metadata.name !== "" ? metadata.name : null;
}
