import { useState, type MouseEvent, type ReactNode } from "react";

import { useNow } from "../../lib/format/useNow";
import type { Room } from "../../realtime/types";
import { ArchiveIcon, BellIcon, ComposeIcon, MutedIcon, SearchIcon } from "../../ui/icons";
import { PointMenu, type Point } from "../../ui/PointMenu";
import { mutedUntil, usePreferences } from "../preferences";
import { MuteItems } from "../rooms/MuteItems";
import { useRoomActions } from "../rooms/useRoomActions";
import { mayManage } from "./groupRules";
import { usePeopleTexts } from "./usePeopleTexts";

interface QuickActionsProps {
  readonly room: Room;
  readonly onSearch: (() => void) | undefined;
  onRename(): void;
}

/** What one does most with a conversation. */
export function QuickActions({ room, onSearch, onRename }: QuickActionsProps): ReactNode {
  const { t } = usePeopleTexts();
  const actions = useRoomActions();
  return (
    <div className="hc-info__actions" role="group" aria-label={t("info.actions")}>
      {onSearch !== undefined && (
        <QuickAction icon={<SearchIcon />} label={t("info.search")} onClick={() => onSearch()} />
      )}
      <Mute room={room} />
      <QuickAction
        icon={<ArchiveIcon />}
        label={t(room.archived ? "info.unarchive" : "info.archive")}
        onClick={() => actions.archive(room, !room.archived)}
      />
      {mayManage(room) && <QuickAction icon={<ComposeIcon />} label={t("info.rename")} onClick={() => onRename()} />}
    </div>
  );
}

function Mute({ room }: { readonly room: Room }): ReactNode {
  const { t } = usePeopleTexts();
  const actions = useRoomActions();
  const { preferences } = usePreferences();
  const [at, setAt] = useState<Point | null>(null);
  const isMuted = mutedUntil(preferences, room.id, useNow()) !== null;
  const ask = (event: MouseEvent<HTMLButtonElement>): void => {
    const { left, bottom } = event.currentTarget.getBoundingClientRect();
    setAt({ x: left, y: bottom });
  };
  return (
    <>
      <QuickAction
        icon={isMuted ? <BellIcon /> : <MutedIcon />}
        label={t(isMuted ? "info.unmute" : "info.mute")}
        hasMenu={!isMuted}
        onClick={(event) => {
          if (isMuted) actions.mute(room, null);
          else ask(event);
        }}
      />
      {at !== null && (
        <PointMenu label={t("info.mute")} at={at} onClose={() => setAt(null)}>
          {(close) => (
            <MuteItems
              roomId={room.id}
              onChoose={(until) => {
                close();
                actions.mute(room, until);
              }}
            />
          )}
        </PointMenu>
      )}
    </>
  );
}

interface QuickActionProps {
  readonly icon: ReactNode;
  readonly label: string;
  readonly hasMenu?: boolean;
  onClick(event: MouseEvent<HTMLButtonElement>): void;
}

function QuickAction({ icon, label, hasMenu = false, onClick }: QuickActionProps): ReactNode {
  return (
    <button type="button" className="hc-info__action" onClick={onClick} {...(hasMenu && { "aria-haspopup": "menu" })}>
      {icon}
      <span>{label}</span>
    </button>
  );
}
