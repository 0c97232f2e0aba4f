import { useRef, type ClipboardEvent, type KeyboardEvent, type RefObject } from "react";
import type { Conversation, WritingMode } from "../../realtime/types";
import { useAttaching, useIsRecording, useTray, type Attaching, type Tray } from "../attaching";
import { useChatClient } from "../session";
import { sendsMessage } from "./keys";
import { measureLimit, type Limit } from "./limit";
import { useComposing } from "./useComposing";

interface SendingOptions {
  readonly conversation: Conversation;
  readonly input: RefObject<HTMLTextAreaElement | null>;
  /** Code points. */
  readonly maxChars: number;
  readonly isPhone: boolean;
  readonly onSent: () => void;
  readonly onEditLast: () => boolean;
}

export interface Sending {
  readonly mode: WritingMode | null;
  readonly text: string;
  readonly limit: Limit;
  readonly tray: Tray;
  /** What chooses and shows files; null until it is there, and while another text for a message is written. */
  readonly attaching: Attaching | null;
  readonly canSend: boolean;
  /** There is nothing to send but what somebody may say, or is saying. */
  readonly canRecord: boolean;
  readonly isRecording: boolean;
  /** When it was sent last, in milliseconds of the page. */
  readonly sentAt: RefObject<number>;
  setText(text: string): void;
  send(): void;
  /** Sends files of the tray without words. */
  sendFiles(fileIds: readonly string[]): void;
  /** Somebody was chosen of several members of one name. */
  rememberMention(id: string): void;
  onKeyDown(event: KeyboardEvent): void;
  onPaste(event: ClipboardEvent): void;
}

/** What is about to be sent, words and files, and the ways to do it. */
export function useSending(options: SendingOptions): Sending {
  const { conversation, input, maxChars, isPhone, onSent, onEditLast } = options;
  const { files } = useChatClient();
  const { mode, text, setText, leaveMode, submit, sendFiles: submitFiles } = useComposing(conversation);
  const chosen = useRef<readonly string[]>([]);
  const sentAt = useRef(-Infinity);
  const isEdit = mode?.kind === "edit";
  const tray = useTray(conversation.roomId);
  const { parts } = useAttaching(true);
  const attaching = isEdit ? null : parts;
  const limit = measureLimit(text, maxChars);
  // What cannot be seen is not sent.
  const fileIds = attaching === null ? [] : tray.files.map(({ id }) => id);
  const hasText = limit.kind === "plenty" || limit.kind === "near";
  const hasFiles = fileIds.length > 0 && limit.kind === "empty";
  const isRecording = useIsRecording(conversation.roomId);
  const isEmpty = text === "" && tray.files.length + tray.preparing === 0;
  const canRecord = attaching?.canRecord() === true && (isEmpty || isRecording);
  const canSend = (hasText || hasFiles) && (attaching === null || tray.isComplete);

  const send = (): void => {
    if (!canSend) return;
    submit(chosen.current, fileIds);
    chosen.current = [];
    sentAt.current = performance.now();
    attaching?.clearProblems(conversation.roomId);
    if (!isEdit) onSent();
    // On a phone this keeps the keyboard.
    input.current?.focus({ preventScroll: true });
  };
  const sendFiles = (ids: readonly string[]): void => {
    submitFiles(ids);
    onSent();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Escape" && mode !== null) leaveMode();
    else if (event.key === "ArrowUp" && text === "" && mode === null && onEditLast()) event.preventDefault();
    if (!sendsMessage(event, isPhone)) return;
    event.preventDefault();
    if (!event.repeat) send();
  };
  const onPaste = (event: ClipboardEvent): void => {
    const pasted = attaching?.filesOf(event.clipboardData) ?? [];
    if (pasted.length === 0) return;
    event.preventDefault();
    void attaching?.pick(files, conversation.roomId, pasted);
  };
  const rememberMention = (id: string): void => {
    chosen.current = [...chosen.current, id];
  };
  return {
    ...{ mode, text, limit, tray, attaching, canSend, canRecord, isRecording, sentAt },
    ...{ setText, send, sendFiles, rememberMention, onKeyDown, onPaste },
  };
}
