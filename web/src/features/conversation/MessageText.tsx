import type { ReactNode } from "react";
import { splitCode } from "../../lib/text/code";
import { splitLinks } from "../../lib/text/links";

/** A message's words, with its addresses as links and its code as code. The text only ever becomes text nodes. */
export function MessageText({ text }: { readonly text: string }): ReactNode {
  return splitCode(text).map((segment, index) => {
    switch (segment.kind) {
      case "text":
        return <LinkedText key={index} text={segment.text} />;
      case "code":
        return (
          <code key={index} className="hc-message__code">
            {segment.text}
          </code>
        );
      case "block":
        return (
          <pre key={index} className="hc-message__block" dir="ltr">
            <code>{segment.text}</code>
          </pre>
        );
    }
  });
}

function LinkedText({ text }: { readonly text: string }): ReactNode {
  return splitLinks(text).map((segment, index) =>
    segment.kind === "link" ? (
      <a key={index} className="hc-message__link" href={segment.href} {...elsewhere(segment.href)}>
        {segment.text}
      </a>
    ) : (
      segment.text
    ),
  );
}

/** Pages of the web open beside the chat and are told nothing. A telephone or a mail program is asked for as it is. */
function elsewhere(href: string): { readonly target?: string; readonly rel?: string } {
  return href.startsWith("http") ? { target: "_blank", rel: "noopener noreferrer nofollow" } : {};
}
