import type { ReactNode } from "react";
import { useTranslation } from "../../lib/i18n/useTranslation";
import type { ConversationItem } from "../../realtime/types";
import { KindIcon } from "../files";
import { useWriting } from "../writing";

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
      <KindIcon className="hc-attachment__icon" kind={item.type} size={24} />
      <span className="hc-attachment__words">
        <span className="hc-attachment__name" dir="auto">
          {typeof name === "string" && name !== "" ? name : t(`files.${item.type}`, { count: 1 })}
        </span>
        <span className="hc-attachment__host">{new URL(href).host}</span>
      </span>
    </a>
  );
}
