import { createContext } from "react";

interface RoomOpening {
  /** Shows another conversation. */
  open(roomId: string): void;
  /** Shows the list, if this conversation was shown: one has left it. */
  leave(roomId: string): void;
}

/** The way to other conversations: what leads to one is offered where this is given. */
export const RoomOpener = createContext<RoomOpening | null>(null);
