import { useEffect, useState, type ReactNode } from "react";
import { useStore } from "../../lib/useStore";
import { dropShared, readShared, type Shared } from "../../lib/storage/shared";
import { filterRooms } from "../../realtime/filterRooms";
import { nameOfRoom } from "../../realtime/roomName";
import type { ChatClient, Room } from "../../realtime/types";
import { Avatar } from "../../ui/Avatar";
import { Dialog } from "../../ui/Dialog";
import { SearchField } from "../../ui/SearchField";
import { useChatClient } from "../session";
import { pick } from "./pick";
import { addProblem } from "./problems";
import "./ShareDialog.css";
import { useLanguage } from "./useLanguage";

interface ShareDialogProps {
  onOpen(roomId: string): void;
  onClose(): void;
}

/** What another app has shared goes to the tray of the conversation that somebody chooses. */
export function ShareDialog({ onOpen, onClose }: ShareDialogProps): ReactNode {
  const { t, tOfAll } = useLanguage();
  const client = useChatClient();
  const shared = useShared(onClose);
  if (shared === null) return null;
  const close = (): void => {
    void dropShared();
    onClose();
  };
  const choose = (roomId: string): void => {
    onClose();
    onOpen(roomId);
    void take(client, roomId, shared);
  };
  return (
    <Dialog title={t("share.title")} closeLabel={tOfAll("app.close")} onClose={close}>
      <p className="hc-share__what" dir="auto">
        {[...shared.files.map(({ name }) => name), shared.text].filter((word) => word !== "").join(", ")}
      </p>
      <Rooms onChoose={choose} />
    </Dialog>
  );
}

/** Null until it was read; what cannot be read is not there. */
function useShared(onNone: () => void): Shared | null {
  const [shared, setShared] = useState<Shared | null>(null);
  useEffect(() => {
    let isOver = false;
    const show = (found: Shared | null): void => {
      if (isOver) return;
      if (found === null) onNone();
      else setShared(found);
    };
    readShared().then(show, () => show(null));
    return () => {
      isOver = true;
    };
    // Read once: whoever asks is told once.
    // eslint-disable-next-line react-hooks/exhaustive-deps -- as above
  }, []);
  return shared;
}

/** Forgotten only once it is kept in its room: a page that closes meanwhile asks again. */
async function take({ files, drafts }: ChatClient, roomId: string, shared: Shared): Promise<void> {
  const words = [drafts.get(roomId), shared.text].filter((text) => text.trim() !== "");
  drafts.set(roomId, words.join("\n"));
  await pick(files, roomId, shared.files);
  if (shared.leftOut > 0) addProblem(roomId, { kind: "tooMany", count: shared.leftOut });
  await dropShared();
}

/** The conversations in which one may write. */
function Rooms({ onChoose }: { onChoose(roomId: string): void }): ReactNode {
  const { t, tOfAll } = useLanguage();
  const client = useChatClient();
  const { rooms, phase } = useStore(client.rooms);
  const me = useStore(client.me);
  const [query, setQuery] = useState("");
  const found = filterRooms(
    rooms.filter(({ status }) => status !== "blocked"),
    query,
    me,
  );
  return (
    <>
      <div className="hc-share__search">
        <SearchField
          label={t("share.search")}
          clearLabel={tOfAll("list.clearSearch")}
          value={query}
          onChange={setQuery}
        />
      </div>
      <ul className="hc-share__rooms" aria-label={t("share.rooms")}>
        {found.map((room) => (
          <RoomButton key={room.id} room={room} name={nameOfRoom(room, me)} onChoose={onChoose} />
        ))}
      </ul>
      <p role="status" className="hc-share__none">
        {found.length === 0 && phase !== "loading" && t("share.none")}
      </p>
    </>
  );
}

interface RoomButtonProps {
  readonly room: Room;
  readonly name: string;
  onChoose(roomId: string): void;
}

function RoomButton({ room, name, onChoose }: RoomButtonProps): ReactNode {
  const other = room.otherParticipant;
  return (
    <li>
      <button type="button" className="hc-share__room" onClick={() => onChoose(room.id)}>
        <Avatar name={name} image={other?.avatar ?? null} colorKey={other?.id ?? room.id} size={36} />
        <bdi className="hc-truncate">{name}</bdi>
      </button>
    </li>
  );
}
