import { useCallback, useEffect, useState, type ReactNode } from "react";

import type { Room, User } from "../../realtime/types";
import { MenuFailed } from "../../ui/MenuFailed";
import type { Point } from "../../ui/PointMenu";
import { useRoomMenus } from "../rooms";

const FAILURE_SHOWN_MS = 5_000;

/** The menu of a row of the list: what opens it, and what is to be rendered beside the rows. */
export function useRowMenu(rooms: readonly Room[], me: User | null) {
  const [asked, setAsked] = useState<{ readonly roomId: string; readonly at: Point } | null>(null);
  const open = useCallback((room: Room, at: Point) => setAsked({ roomId: room.id, at }), []);
  // As it is now: it may have been read, or be gone, since the menu was opened.
  const room = rooms.find(({ id }) => id === asked?.roomId);
  const { parts, hasFailed } = useRoomMenus(asked !== null);
  const close = useCallback(() => setAsked(null), []);
  useEffect(() => {
    if (asked === null || !hasFailed) return;
    // It is tried again when it is asked for again.
    const timer = setTimeout(close, FAILURE_SHOWN_MS);
    return () => clearTimeout(timer);
  }, [asked, hasFailed, close]);
  const isAsked = asked !== null && room !== undefined;
  const menu: ReactNode =
    parts === null ? (
      isAsked && hasFailed && <MenuFailed />
    ) : (
      <parts.RowMenu me={me} asked={isAsked ? { room, at: asked.at } : null} onClose={close} />
    );
  return { open, menu };
}
