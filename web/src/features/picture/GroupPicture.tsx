import { Suspense, useEffect, useState, type ReactNode } from "react";

import { toChatError } from "../../lib/api/chatError";
import { useTranslation } from "../../lib/i18n/useTranslation";
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
  const { t: tOfAll } = useTranslation();
  const requests = useRoomRequests();
  const upload = usePictureUpload();
  const [file, setFile] = useState<File | null>(null);
  // Said here: a line at the bottom of the page is behind the dialog that this stands in on a phone.
  const [problem, setProblem] = useState<string | null>(null);
  const isAway = useIsAway();
  useEffect(() => {
    if (!isAway) setProblem(null);
  }, [isAway]);
  const choose = (chosen: File): void => {
    setProblem(null);
    setFile(chosen);
  };
  const remove = (): void => {
    setProblem(null);
    requests.setPicture(room.id, null).then(
      () => say(t("picture.removed")),
      (cause: unknown) =>
        setProblem(t("picture.failed", { reason: describePictureError(toChatError(cause), t, tOfAll) })),
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
        onHindered={() => setProblem(t("picture.offline"))}
        onChoose={choose}
        onRemove={(room.otherParticipant?.avatar ?? null) === null ? null : remove}
      >
        {children}
      </PictureButton>
      <p role="status" className="hc-picture-note">
        {problem}
      </p>
      {file !== null && (
        <Suspense>
          <CropDialog
            file={file}
            send={async (blob, how) => {
              await upload.send(room.id, blob, how);
              say(t("picture.changed"));
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
