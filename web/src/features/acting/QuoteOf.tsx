import type { ReactNode } from "react";
import { useTranslation } from "../../lib/i18n/useTranslation";
import type { ConversationItem } from "../../realtime/types";
import { hueOf } from "../../ui/Avatar";
import { classNames } from "../../ui/classNames";
import { filesAloud, filesInWords, FilesMark } from "../files";
import { usePlain } from "../writing";
import type { MessageActions } from "./messageActions";
import "./QuoteOf.css";

interface QuoteOfProps {
  readonly item: ConversationItem;
  readonly actions: MessageActions;
}

/** What a message answers, as that is now; a press leads there. */
export function QuoteOf({ item: { replyTo, seq }, actions }: QuoteOfProps): ReactNode {
  const { t } = useTranslation();
  const plain = usePlain(replyTo?.content ?? "");
  if (replyTo === null) return null;
  const { senderId, senderName, type, content, deletedAt } = replyTo;
  const files = deletedAt === null ? filesInWords(replyTo, plain(content), t) : null;
  // A file that lies elsewhere has no more to say.
  const words = type === "image" || type === "file" ? t(`files.${type}`, { count: 1 }) : plain(content);
  const text = deletedAt === null ? (files?.text ?? words) : t("message.deleted");
  return (
    <button
      type="button"
      className={classNames("hc-quote", hueOf(senderId))}
      aria-label={t("message.quote", { name: senderName, text: files === null ? text : filesAloud(files) })}
      onClick={() => actions.goTo(replyTo.seq, seq)}
    >
      <bdi className="hc-quote__name hc-truncate">{senderName}</bdi>
      <span className="hc-quote__text" dir="auto">
        {files !== null && <FilesMark files={files} />}
        {text}
      </span>
    </button>
  );
}
