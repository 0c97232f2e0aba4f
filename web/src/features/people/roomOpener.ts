import { createContext } from "react";

/** Shows another conversation: what leads to one is offered where this is given. */
export const RoomOpener = createContext<((roomId: string) => void) | null>(null);
