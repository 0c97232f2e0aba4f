import { Suspense, useEffect, useId, useRef, type ReactNode, type RefObject, type SyntheticEvent } from "react";
import { useTranslation } from "../../lib/i18n/useTranslation";
import type { Conversation, Room } from "../../realtime/types";
import { IconButton } from "../../ui/IconButton";
import { FormatIcon, SendIcon } from "../../ui/icons";
import { lazyPart } from "../../ui/lazyPart";
import { useMediaQuery } from "../../ui/useMediaQuery";
import { AttachButton } from "../attaching";
import { useWriting } from "../writing";
import "./Composer.css";
import { Field } from "./Field";
import { LengthStatus } from "./LengthStatus";
import { useSending } from "./useSending";
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
  const { roomId } = conversation;
  const isPhone = useMediaQuery(touchQuery);
  const input = useRef<HTMLTextAreaElement | null>(null);
  const form = useRef<HTMLFormElement | null>(null);
  const statusId = useId();
  const trayId = useId();
  const { parts } = useWriting(true);
  const toolbar = useToolbar();
  const sending = useSending({ conversation, input, maxChars, isPhone, onSent, onEditLast });
  const { mode, limit, attaching, tray } = sending;
  useFocus(input, isPhone, mode && `${mode.kind} ${mode.key}`, sending.isRecording);

  return (
    <form
      ref={form}
      className="hc-composer"
      onSubmit={(event) => {
        event.preventDefault();
        sending.send();
      }}
    >
      {banner}
      {attaching !== null && <attaching.Tray roomId={roomId} tray={tray} noteId={trayId} />}
      {attaching !== null && <attaching.DropZone roomId={roomId} within={form} />}
      <LengthStatus id={statusId} limit={limit} />
      {toolbar.isOpen && parts !== null && <parts.Toolbar id={toolbar.id} input={input} />}
      <div className="hc-composer__row">
        {mode?.kind !== "edit" && <AttachButton roomId={roomId} />}
        <FormatButton toolbar={toolbar} />
        <Field {...sending} {...{ conversation, input, statusId, isPhone }} />
        {parts !== null && (
          <parts.MentionList input={input} conversation={conversation} onChoose={sending.rememberMention} />
        )}
        {sending.canRecord && attaching !== null ? (
          <attaching.RecordButton roomId={roomId} sendFiles={sending.sendFiles} sentAt={sending.sentAt} />
        ) : (
          <SendButton describedBy={`${statusId} ${trayId}`} disabled={!sending.canSend} />
        )}
      </div>
    </form>
  );
}

/** The input gets the focus where no keyboard comes with it, and whenever it is for something new. */
function useFocus(
  input: RefObject<HTMLTextAreaElement | null>,
  isPhone: boolean,
  modeKey: string | null,
  isRecording: boolean,
): void {
  const { parts } = useWriting(true);
  useEffect(() => {
    if (!isPhone) input.current?.focus({ preventScroll: true });
  }, [input, isPhone]);
  useEffect(() => {
    // The buttons of a recording go with it.
    if (!isPhone && !isRecording && document.activeElement === document.body) input.current?.focus();
  }, [input, isPhone, isRecording]);
  useEffect(() => {
    if (modeKey !== null) input.current?.focus({ preventScroll: true });
  }, [input, modeKey]);
  useEffect(() => (input.current === null ? undefined : parts?.attachTools(input.current)), [input, parts]);
}

function FormatButton({ toolbar }: { readonly toolbar: ReturnType<typeof useToolbar> }): ReactNode {
  const { t } = useTranslation();
  return (
    <IconButton
      label={t("composer.format")}
      aria-expanded={toolbar.isOpen}
      aria-controls={toolbar.isOpen ? toolbar.id : undefined}
      className="hc-composer__round"
      onMouseDown={keepFocus}
      onClick={toolbar.toggle}
    >
      <FormatIcon />
    </IconButton>
  );
}

function SendButton({
  describedBy,
  disabled,
}: {
  readonly describedBy: string;
  readonly disabled: boolean;
}): ReactNode {
  const { t } = useTranslation();
  return (
    <IconButton
      type="submit"
      variant="primary"
      className="hc-composer__send"
      label={t("composer.send")}
      aria-describedby={describedBy}
      disabled={disabled}
      onMouseDown={keepFocus}
    >
      <SendIcon />
    </IconButton>
  );
}

/** Pressing the button must not take the focus from the input: on a phone the keyboard would go. */
function keepFocus(event: SyntheticEvent): void {
  event.preventDefault();
}
