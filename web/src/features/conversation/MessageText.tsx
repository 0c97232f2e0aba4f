import type { ReactNode } from "react";
import { splitLinks } from "../../lib/text/links";

/** A message's words, with its addresses as links. The text only ever becomes text nodes. */
export function MessageText({ text }: { readonly text: string }): ReactNode {
  return splitLinks(text).map((segment, index) =>
    segment.kind === "link" ? (
      <a
        key={index}
        className="hc-message__link"
        href={segment.href}
        target="_blank"
        rel="noopener noreferrer nofollow"
      >
        {segment.text}
      </a>
    ) : (
      segment.text
    ),
  );
}
