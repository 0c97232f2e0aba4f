import { useId, useState, type KeyboardEvent, type ReactNode } from "react";
import { formatShort } from "../../lib/format/dates";
import { useNow } from "../../lib/format/useNow";
import { useTranslation } from "../../lib/i18n/useTranslation";
import { ownKeys } from "../../lib/ownKeys";
import { leadTo } from "../../realtime/leadTo";
import type { AttachmentKind } from "../../realtime/types";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { EmptyState } from "../../ui/EmptyState";
import { IconButton } from "../../ui/IconButton";
import { LoadFailure } from "../../ui/LoadFailure";
import { Spinner } from "../../ui/Spinner";
import { useChatClient } from "../session";
import "./Cards.css";
import { FileCard } from "./FileCard";
import { MessageIcon } from "./icons";
import { KindIcon } from "./KindIcon";
import { Picture } from "./Picture";
import "./Pictures.css";
import type { RoomFile } from "./roomFiles";
import "./RoomFilesDialog.css";
import { useFilesTexts } from "./useFilesTexts";
import { useRoomFiles } from "./useRoomFiles";
import { Viewer, type Entry } from "./Viewer";
import { Voice } from "./Voice";

export interface RoomFilesDialogProps {
  readonly roomId: string;
  /** Something here leads to a message. */
  onLead(): void;
  onClose(): void;
}

const TABS = ["seen", "documents", "sounds"] as const;
type Tab = (typeof TABS)[number];

const KINDS: Readonly<Record<Tab, readonly AttachmentKind[]>> = {
  seen: ["image", "video"],
  documents: ["pdf", "file"],
  sounds: ["voice", "audio"],
};
const ICONS: Readonly<Record<Tab, AttachmentKind>> = { seen: "image", documents: "file", sounds: "voice" };

/** All that was sent in a conversation besides words. */
export function RoomFilesDialog({ roomId, onLead, onClose }: RoomFilesDialogProps): ReactNode {
  const { t } = useFilesTexts();
  const client = useChatClient();
  const [tab, setTab] = useState<Tab>("seen");
  const id = useId();
  const goTo = (seq: number): void => {
    onClose();
    onLead();
    leadTo(client, roomId, seq);
  };
  return (
    <Dialog title={t("media.title")} closeLabel={t("media.close")} placement="side" onClose={onClose}>
      <Tabs id={id} tab={tab} onChoose={setTab} />
      <div id={`${id}-panel`} className="hc-media" role="tabpanel" aria-labelledby={`${id}-${tab}`}>
        <Listed key={tab} roomId={roomId} tab={tab} onGoTo={goTo} />
      </div>
    </Dialog>
  );
}

interface TabsProps {
  readonly id: string;
  readonly tab: Tab;
  onChoose(tab: Tab): void;
}

function Tabs({ id, tab, onChoose }: TabsProps): ReactNode {
  const { t } = useFilesTexts();
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const next = TABS[(TABS.indexOf(tab) + by + TABS.length) % TABS.length];
    if (by === 0 || next === undefined) return;
    event.preventDefault();
    onChoose(next);
    document.getElementById(`${id}-${next}`)?.focus();
  };
  return (
    <div className="hc-media__tabs" role="tablist" aria-label={t("media.kinds")} onKeyDown={ownKeys(onKeyDown)}>
      {TABS.map((one) => (
        <button
          key={one}
          id={`${id}-${one}`}
          type="button"
          className="hc-media__tab"
          role="tab"
          aria-selected={one === tab}
          aria-controls={`${id}-panel`}
          tabIndex={one === tab ? 0 : -1}
          onClick={() => onChoose(one)}
        >
          {t(`media.${one}`)}
        </button>
      ))}
    </div>
  );
}

interface ListedProps {
  readonly roomId: string;
  readonly tab: Tab;
  onGoTo(seq: number): void;
}

function Listed({ roomId, tab, onGoTo }: ListedProps): ReactNode {
  const { t } = useFilesTexts();
  const { files, phase, error, hasMore, loadMore } = useRoomFiles(roomId, KINDS[tab]);
  if (phase === "ready" && files.length === 0) {
    return (
      <EmptyState
        icon={<KindIcon kind={ICONS[tab]} size={26} />}
        title={t(`media.none.${tab}`)}
        hint={t("media.noneHint")}
      />
    );
  }
  return (
    <>
      {tab === "seen" ? (
        <SeenFiles roomId={roomId} files={files} onGoTo={onGoTo} />
      ) : (
        <ul className="hc-media__list">
          {files.map((file) => (
            <li key={file.attachment.id}>
              <ListedFile roomId={roomId} file={file} onGoTo={onGoTo} />
            </li>
          ))}
        </ul>
      )}
      <div className="hc-media__end">
        {phase === "loading" && <Spinner size={24} label={t("media.loading")} />}
        {phase === "ready" && hasMore && <Button onClick={() => loadMore()}>{t("media.more")}</Button>}
        {error !== null && (
          <LoadFailure title={t("media.failed")} error={error} offlineHint={t("media.offline")} onRetry={loadMore} />
        )}
      </div>
    </>
  );
}

interface SeenFilesProps {
  readonly roomId: string;
  readonly files: readonly RoomFile[];
  onGoTo(seq: number): void;
}

function SeenFiles({ roomId, files, onGoTo }: SeenFilesProps): ReactNode {
  const [viewed, setViewed] = useState<{ readonly id: string; readonly from: HTMLElement } | null>(null);
  // As in the conversation, the newest last.
  const entries = files.map((file) => entryOf(roomId, file)).reverse();
  return (
    <>
      <ul className="hc-media__grid">
        {files.map(({ message, attachment }) => (
          <li key={attachment.id} className="hc-media__cell">
            <Picture
              item={message}
              file={attachment}
              place={placeOf(roomId, message)}
              nth={1}
              count={1}
              hidden={0}
              onOpen={(from) => setViewed({ id: attachment.id, from })}
            />
          </li>
        ))}
      </ul>
      {viewed !== null && (
        <Viewer
          entries={entries}
          startId={viewed.id}
          from={viewed.from}
          onClose={() => setViewed(null)}
          onGoTo={onGoTo}
        />
      )}
    </>
  );
}

interface ListedFileProps {
  readonly roomId: string;
  readonly file: RoomFile;
  onGoTo(seq: number): void;
}

/** One that is read or listened to, with who has sent it and when. */
function ListedFile({ roomId, file: { message, attachment }, onGoTo }: ListedFileProps): ReactNode {
  const { t } = useFilesTexts();
  const { t: tOfAll, locale } = useTranslation();
  const now = useNow();
  const [place] = useState(() => placeOf(roomId, message));
  const isHeard = attachment.kind === "voice" || attachment.kind === "audio";
  return (
    <div className="hc-media__item">
      {isHeard ? (
        <Voice sender={message.sender} file={attachment} place={place} />
      ) : (
        <FileCard file={attachment} place={place} isCompact />
      )}
      <div className="hc-media__facts">
        <span className="hc-truncate">
          <bdi>{message.sender.name}</bdi>, {formatShort(message.createdAt, now, { locale, t: tOfAll })}
        </span>
        <IconButton label={t("viewer.goTo")} onClick={() => onGoTo(message.seq)}>
          <MessageIcon size={18} />
        </IconButton>
      </div>
    </div>
  );
}

function placeOf(roomId: string, { id, seq }: RoomFile["message"]) {
  return { roomId, messageId: id, seq };
}

function entryOf(roomId: string, { message, attachment }: RoomFile): Entry {
  const { sender, createdAt } = message;
  return { file: attachment, place: placeOf(roomId, message), sender, createdAt };
}
