import { useState, type ReactNode } from "react";

import { toChatError, type ChatError } from "../../lib/api/chatError";
import { useTranslation } from "../../lib/i18n/useTranslation";
import type { Room } from "../../realtime/types";
import { Banner } from "../../ui/Banner";
import { Dialog } from "../../ui/Dialog";
import { useRoomRequests } from "../rooms/useRoomRequests";
import { describeGroupError } from "./groupErrors";
import { GroupName } from "./GroupName";
import { usePeopleTexts } from "./usePeopleTexts";

interface RenameGroupProps {
  readonly room: Room;
  onClose(): void;
}

export function RenameGroup({ room, onClose }: RenameGroupProps): ReactNode {
  const requests = useRoomRequests();
  const { t } = usePeopleTexts();
  const { t: tOfAll } = useTranslation();
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<ChatError | null>(null);
  const rename = (title: string): void => {
    setIsBusy(true);
    requests.rename(room.id, title).then(onClose, (cause: unknown) => {
      setError(toChatError(cause));
      setIsBusy(false);
    });
  };
  return (
    <Dialog title={t("group.rename")} closeLabel={t("info.close")} onClose={onClose}>
      <GroupName initial={room.title ?? ""} confirm={t("group.save")} isBusy={isBusy} onConfirm={rename}>
        <div role="alert">
          {error !== null && (
            <Banner tone="danger">{t("group.failed", { reason: describeGroupError(error, t, tOfAll) })}</Banner>
          )}
        </div>
      </GroupName>
    </Dialog>
  );
}
