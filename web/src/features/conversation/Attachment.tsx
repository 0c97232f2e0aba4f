import type { ReactNode } from "react";
import { useTranslation } from "../../lib/i18n/useTranslation";
import type { ConversationItem } from "../../realtime/types";
import { useWriting } from "../writing";

const shapes = {
  image: <path d="M4.5 5h15v14h-15zM5 16.5l4.5-4.5 3.5 3.5 2.5-2.5 4 4M15 9.2v.1" />,
  file: <path d="M7 3.5h6.5L18 8v12.5H7zM13.5 3.5V8H18M10 12.5h5M10 16h5" />,
};

type FileItem = ConversationItem & { readonly type: "image" | "file" };

/** Whether it is a file that lies elsewhere, as clients of the first design sent them. */
export function isFile(item: ConversationItem): item is FileItem {
  return item.attachments.length === 0 && (item.type === "image" || item.type === "file");
}

/** The card of a file that lies elsewhere: its name, where that is, and the way there. Null when its address is not safe to open. */
export function Attachment({ item }: { readonly item: ConversationItem }): ReactNode {
  const { t } = useTranslation();
  const { parts } = useWriting(isFile(item));
  const href = parts?.findWebHref(item.metadata?.url) ?? null;
  if (href === null || !isFile(item)) return null;
  const name = item.metadata?.name;
  return (
    <a className="hc-attachment" href={href} target="_blank" rel="noopener noreferrer nofollow">
      <svg className="hc-attachment__icon" width="24" height="24" viewBox="0 0 24 24" aria-hidden="true">
        {shapes[item.type]}
      </svg>
      <span className="hc-attachment__words">
        <span className="hc-attachment__name" dir="auto">
          {typeof name === "string" && name !== "" ? name : t(`message.${item.type}`)}
        </span>
        <span className="hc-attachment__host">{new URL(href).host}</span>
      </span>
    </a>
  );
}
