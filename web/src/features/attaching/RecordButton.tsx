import { useEffect, useRef, type ReactNode, type RefObject } from "react";
import { useStore } from "../../lib/useStore";
import type { PickedFile } from "../../realtime/types";
import { IconButton } from "../../ui/IconButton";
import { SendIcon } from "../../ui/icons";
import { KindIcon } from "../files";
import { useChatClient } from "../session";
import type { DeviceProblem } from "./devices";
import { keep, prepare } from "./pick";
import { addProblem, clearProblems } from "./problems";
import { cancel, end, finish, lock, recording, start } from "./recorder";
import { RecordingBar } from "./RecordingBar";
import { useAttachingTexts } from "./useAttachingTexts";
import { useHold } from "./useHold";
import { useIsRecording } from "./recordingRoom";

interface RecordButtonProps {
  readonly roomId: string;
  /** Sends files of the tray at once. */
  readonly sendFiles: (fileIds: readonly string[]) => void;
  /** When something was sent last. */
  readonly sentAt: RefObject<number>;
}

/** A second press on the send button, in whose place this one comes, begins nothing. */
const DOUBLE_PRESS_MS = 500;

/** Records a voice message: while it is held, or from one press to another. In its place is the send button meanwhile. */
export function RecordButton({ roomId, sendFiles, sentAt }: RecordButtonProps): ReactNode {
  const { t } = useAttachingTexts();
  const { files } = useChatClient();
  const isHere = useIsRecording(roomId);
  const state = useStore(recording);
  const isLocked = isHere && state?.phase === "locked";
  useEndWithRoom(roomId);

  const begin = (phase: "held" | "locked"): void => {
    if (performance.now() - sentAt.current < DOUBLE_PRESS_MS) return;
    clearProblems(roomId);
    const name = t("voice.name");
    const fail = (reason: DeviceProblem): void => addProblem(roomId, { kind: "microphone", reason });
    start({ roomId, name, fail, keep: (picked) => void toTray(picked) }, phase);
  };
  const toTray = (picked: PickedFile | null): Promise<readonly string[]> =>
    picked === null ? Promise.resolve([]) : keep(files, roomId, picked);
  const send = async (): Promise<void> =>
    prepare(roomId, 1, async () => {
      const ids = await toTray(await finish());
      if (ids.length > 0) sendFiles(ids);
    });
  const { isClickOfHold, ...hold } = useHold(!isLocked, {
    start: () => begin("held"),
    lock,
    cancel,
    release: () => void send(),
    interrupt: () => void end(),
    elapsedMs: () => recording.getSnapshot()?.elapsedMs ?? 0,
  });

  return (
    <>
      {isHere && state !== null && <RecordingBar recording={state} onStop={() => void end()} onCancel={cancel} />}
      <IconButton
        variant="primary"
        className="hc-composer__send hc-record"
        label={t(isLocked ? "voice.send" : "voice.record")}
        data-held={isHere && !isLocked}
        {...hold}
        onClick={({ detail }) => {
          // Keys and screen readers press without a pointer; `detail` is how often a pointer has.
          if (detail > 0 && isClickOfHold()) return;
          if (isLocked) void send();
          else begin("locked");
        }}
      >
        {isLocked ? <SendIcon /> : <KindIcon kind="voice" />}
      </IconButton>
    </>
  );
}

/** What is being said is not lost when its room is left: it is in the tray. */
function useEndWithRoom(roomId: string): void {
  const isHere = useIsRecording(roomId);
  const isRecording = useRef(isHere);
  useEffect(() => {
    isRecording.current = isHere;
  }, [isHere]);
  useEffect(
    () => () => {
      if (isRecording.current) void end();
    },
    [],
  );
}
