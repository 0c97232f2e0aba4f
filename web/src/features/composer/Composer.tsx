import {
  Suspense,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  type KeyboardEvent,
  type ReactNode,
  type SyntheticEvent,
} from "react";
import { ownKeys } from "../../lib/ownKeys";
import { useTranslation } from "../../lib/i18n/useTranslation";
import { clean } from "../../lib/text/cleaning";
import type { Conversation, Room } from "../../realtime/types";
import { IconButton } from "../../ui/IconButton";
import { FormatIcon, SendIcon } from "../../ui/icons";
import { lazyPart } from "../../ui/lazyPart";
import { useMediaQuery } from "../../ui/useMediaQuery";
import { useChatClient } from "../session";
import { useWriting } from "../writing";
import "./Composer.css";
import { sendsMessage } from "./keys";
import { LengthStatus } from "./LengthStatus";
import { measureLimit } from "./limit";
import { useComposing } from "./useComposing";
import { useToolbar } from "./useToolbar";

/** A device that is touched and has no mouse: Enter breaks the line, and the keyboard does not come unasked. */
const touchQuery = "(pointer: coarse) and (hover: none)";

const ClosedComposer = lazyPart(async () => (await import("./ClosedComposer")).ClosedComposer);

interface ComposerProps {
  readonly conversation: Conversation;
  /** Null as long as it is not known. */
  readonly room: Room | null;
  /** Code points. */
  readonly maxChars: number;
  readonly onSent: () => void;
  /** One's own last message is to say something else. Returns whether there is one. */
  readonly onEditLast: () => boolean;
  /** Says what the composer is for, where that is something else than a message. */
  readonly banner: ReactNode;
}

/** Where one writes. In a blocked room, the sentence that says why one cannot. */
export function Composer({ room, ...rest }: ComposerProps): ReactNode {
  if (room?.status === "blocked") {
    return (
      <Suspense fallback={null}>
        <ClosedComposer conversation={rest.conversation} room={room} />
      </Suspense>
    );
  }
  return <OpenComposer {...rest} />;
}

function OpenComposer({ conversation, maxChars, onSent, onEditLast, banner }: Omit<ComposerProps, "room">): ReactNode {
  const { t } = useTranslation();
  const isPhone = useMediaQuery(touchQuery);
  const { mode, text, setText, leaveMode, submit } = useComposing(conversation);
  const { drafts } = useChatClient();
  const chosen = useRef<readonly string[]>([]);
  const input = useRef<HTMLTextAreaElement | null>(null);
  const statusId = useId();
  const { parts } = useWriting(true);
  const toolbar = useToolbar();
  const limit = measureLimit(text, maxChars);
  const canSend = limit.kind === "plenty" || limit.kind === "near";

  useLayoutEffect(() => {
    if (input.current !== null) fitHeight(input.current);
  }, [text]);
  useEffect(() => {
    if (!isPhone) input.current?.focus({ preventScroll: true });
  }, [isPhone]);
  const modeKey = mode && `${mode.kind} ${mode.key}`;
  useEffect(() => {
    if (modeKey !== null) input.current?.focus({ preventScroll: true });
  }, [modeKey]);
  useEffect(() => (input.current === null ? undefined : parts?.attachTools(input.current)), [parts]);

  const write = (next: string): void => {
    setText(next);
    conversation.setTyping(clean(next) !== "");
  };

  const send = (): void => {
    if (!canSend) return;
    submit(chosen.current);
    chosen.current = [];
    if (mode?.kind !== "edit") onSent();
    // On a phone this keeps the keyboard.
    input.current?.focus({ preventScroll: true });
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Escape" && mode !== null) leaveMode();
    else if (event.key === "ArrowUp" && text === "" && mode === null && onEditLast()) event.preventDefault();
    if (!sendsMessage(event, isPhone)) return;
    event.preventDefault();
    if (!event.repeat) send();
  };

  return (
    <form
      className="hc-composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {banner}
      <LengthStatus id={statusId} limit={limit} />
      {toolbar.isOpen && parts !== null && <parts.Toolbar id={toolbar.id} input={input} />}
      <div className="hc-composer__row">
        <IconButton
          label={t("composer.format")}
          aria-expanded={toolbar.isOpen}
          aria-controls={toolbar.isOpen ? toolbar.id : undefined}
          className="hc-composer__format"
          onMouseDown={keepFocus}
          onClick={toolbar.toggle}
        >
          <FormatIcon />
        </IconButton>
        <div className="hc-composer__field">
          <textarea
            ref={input}
            className="hc-composer__input"
            rows={1}
            dir="auto"
            value={text}
            placeholder={t("composer.placeholder")}
            aria-label={t("composer.label")}
            aria-describedby={statusId}
            aria-invalid={limit.kind === "over"}
            autoComplete="off"
            enterKeyHint={isPhone ? "enter" : "send"}
            onChange={(event) => {
              write(event.target.value);
            }}
            onKeyDown={ownKeys(onKeyDown)}
            onBlur={() => {
              conversation.setTyping(false);
              drafts.leave(conversation.roomId);
            }}
          />
          {parts !== null && <parts.DraftMarks text={text} input={input} />}
        </div>
        {parts !== null && (
          <parts.MentionList
            input={input}
            conversation={conversation}
            onChoose={(id) => {
              chosen.current = [...chosen.current, id];
            }}
          />
        )}
        <IconButton
          type="submit"
          variant="primary"
          className="hc-composer__send"
          label={t("composer.send")}
          aria-describedby={statusId}
          disabled={!canSend}
          onMouseDown={keepFocus}
        >
          <SendIcon />
        </IconButton>
      </div>
    </form>
  );
}

/** Pressing the button must not take the focus from the input: on a phone the keyboard would go. */
function keepFocus(event: SyntheticEvent): void {
  event.preventDefault();
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
