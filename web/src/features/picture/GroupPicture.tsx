import { Suspense, useEffect, useRef, useState, type ReactNode } from "react";

import { toChatError } from "../../lib/api/chatError";
import { useRefusals } from "../../lib/i18n/useRefusals";
import { useStoreSelector } from "../../lib/useStore";
import type { Room } from "../../realtime/types";
import { say } from "../../ui/snacks";
import { useRoomRequests } from "../rooms/useRoomRequests";
import { useChatClient } from "../session";
import { describePictureError } from "./describePictureError";
import { CropDialog } from "./lazyParts";
import { PictureButton } from "./PictureButton";
import { usePictureTexts } from "./usePictureTexts";
import { usePictureUpload } from "./usePictureUpload";

interface GroupPictureProps {
  readonly room: Room;
  /** The picture as it is now. */
  readonly children: ReactNode;
}

/** The picture of a group, for those who may change it. */
export function GroupPicture({ room, children }: GroupPictureProps): ReactNode {
  const { t } = usePictureTexts();
  const describeRefusal = useRefusals();
  const requests = useRoomRequests();
  const upload = usePictureUpload();
  const [file, setFile] = useState<File | null>(null);
  const noteRef = useRef<HTMLParagraphElement>(null);
  const [note, setNote] = useState<string | null>(null);
  const isAway = useIsAway();
  useEffect(() => {
    if (!isAway) setNote(null);
  }, [isAway]);
  // A line at the bottom of the page is behind the dialog that this stands in on a phone, and nobody hears of it there.
  const tell = (done: string): void => {
    if (noteRef.current?.closest("dialog") === null) say(done);
    else setNote(done);
  };
  const choose = (chosen: File): void => {
    setNote(null);
    setFile(chosen);
  };
  const remove = (): void => {
    setNote(null);
    requests.setPicture(room.id, null).then(
      () => tell(t("picture.removed")),
      (cause: unknown) =>
        setNote(t("picture.failed", { reason: describePictureError(toChatError(cause), t, describeRefusal) })),
    );
  };
  const close = (): void => {
    upload.giveUp();
    setFile(null);
  };
  return (
    <>
      <PictureButton
        hindrance={isAway ? t("picture.offline") : null}
        onHindered={() => setNote(t("picture.offline"))}
        onChoose={choose}
        onRemove={(room.otherParticipant?.avatar ?? null) === null ? null : remove}
      >
        {children}
      </PictureButton>
      <p ref={noteRef} role="status" className="hc-picture-note">
        {note}
      </p>
      {file !== null && (
        <Suspense>
          <CropDialog
            file={file}
            send={async (blob, how) => {
              await upload.send(room.id, blob, how);
              tell(t("picture.changed"));
            }}
            onClose={close}
          />
        </Suspense>
      )}
    </>
  );
}

/** Whether there is no connection, as far as is known. */
function useIsAway(): boolean {
  const { connection } = useChatClient();
  return useStoreSelector(connection, ({ phase }) => phase === "offline" || phase === "reconnecting");
}
