import { useLayoutEffect, type ClipboardEvent, type KeyboardEvent, type ReactNode, type RefObject } from "react";
import { ownKeys } from "../../lib/ownKeys";
import { useTranslation } from "../../lib/i18n/useTranslation";
import { clean } from "../../lib/text/cleaning";
import type { Conversation } from "../../realtime/types";
import { useChatClient } from "../session";
import { useWriting } from "../writing";
import type { Limit } from "./limit";

interface FieldProps {
  readonly input: RefObject<HTMLTextAreaElement | null>;
  readonly conversation: Conversation;
  readonly text: string;
  readonly setText: (text: string) => void;
  /** Of the element that says how many characters are left. */
  readonly statusId: string;
  readonly limit: Limit;
  readonly isPhone: boolean;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onPaste: (event: ClipboardEvent) => void;
  /** Somebody speaks instead. */
  readonly isRecording: boolean;
}

/** Where the words are written, and what is drawn over them. */
export function Field({
  input,
  conversation,
  text,
  setText,
  isPhone,
  onKeyDown,
  onPaste,
  ...rest
}: FieldProps): ReactNode {
  const { t } = useTranslation();
  const { drafts } = useChatClient();
  const { parts } = useWriting(true);
  useLayoutEffect(() => {
    if (input.current !== null) fitHeight(input.current);
  }, [input, text]);
  return (
    <div className="hc-composer__field" inert={rest.isRecording}>
      <textarea
        ref={input}
        className="hc-composer__input"
        rows={1}
        dir="auto"
        value={text}
        placeholder={t("composer.placeholder")}
        aria-label={t("composer.label")}
        aria-describedby={rest.statusId}
        aria-invalid={rest.limit.kind === "over"}
        autoComplete="off"
        enterKeyHint={isPhone ? "enter" : "send"}
        onChange={({ target }) => {
          setText(target.value);
          conversation.setTyping(clean(target.value) !== "");
        }}
        onKeyDown={ownKeys(onKeyDown)}
        onPaste={onPaste}
        onBlur={() => {
          conversation.setTyping(false);
          drafts.leave(conversation.roomId);
        }}
      />
      {parts !== null && <parts.DraftMarks text={text} input={input} />}
    </div>
  );
}

/** Grows with the text; the style sheet says how far. */
function fitHeight(input: HTMLTextAreaElement): void {
  const row = input.parentElement;
  if (row === null) return;
  // The row keeps its height meanwhile: for a moment the messages would have more room, and lose their place at the end.
  row.style.height = `${String(row.offsetHeight)}px`;
  input.style.height = "auto";
  input.style.height = `${String(input.scrollHeight)}px`;
  row.style.height = "";
}
