import { useMemo, useState, type ReactNode } from "react";

import { toChatError, type ChatError } from "../../lib/api/chatError";
import { useTranslation } from "../../lib/i18n/useTranslation";
import { useStore } from "../../lib/useStore";
import { nameOfRoom } from "../../realtime/roomName";
import type { Room, User } from "../../realtime/types";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { say } from "../../ui/snacks";
import { useRoomRequests } from "../rooms/useRoomRequests";
import { useChatClient } from "../session";
import { describeGroupError } from "./groupErrors";
import { PeoplePicker } from "./PeoplePicker";
import { usePeopleTexts } from "./usePeopleTexts";

interface AddPeopleProps {
  readonly room: Room;
  onClose(): void;
}

/** Lets people into a group, one after another. Whoever could not be added stays chosen, with a word about why. */
export function AddPeople({ room, onClose }: AddPeopleProps): ReactNode {
  const requests = useRoomRequests();
  const me = useStore(useChatClient().me);
  const { t } = usePeopleTexts();
  const { t: tOfAll } = useTranslation();
  const [chosen, setChosen] = useState<readonly User[]>([]);
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<ChatError | null>(null);
  const memberIds = useMemo(() => new Set(room.members.map(({ id }) => id)), [room.members]);
  const add = async (): Promise<void> => {
    setIsBusy(true);
    setError(null);
    let left = chosen;
    try {
      for (const person of chosen) {
        await requests.putMember(room.id, person.id);
        left = left.filter(({ id }) => id !== person.id);
        setChosen(left);
      }
      say(t("group.added", { count: chosen.length }));
      onClose();
    } catch (cause) {
      setError(toChatError(cause));
      setIsBusy(false);
    }
  };
  return (
    <Dialog title={t("group.addTo", { name: nameOfRoom(room, me) })} closeLabel={t("info.close")} onClose={onClose}>
      <PeoplePicker chosen={chosen} memberIds={memberIds} onChange={setChosen} />
      <div className="hc-people__foot">
        <div role="alert">
          {error !== null && (
            <Banner tone="danger">{t("group.failed", { reason: describeGroupError(error, t, tOfAll) })}</Banner>
          )}
        </div>
        <Button variant="primary" disabled={chosen.length === 0 || isBusy} onClick={() => void add()}>
          {t("group.add")}
        </Button>
      </div>
    </Dialog>
  );
}
