import "./styles";

import type { ReactNode } from "react";

import { Words } from "../features/rooms";
import { Part } from "./Part";
import { RoomList } from "./RoomList";

export interface ChatRoomListProps {
  /** The room that is shown elsewhere on the page. */
  readonly selectedRoomId?: string | null;
  /** A room was chosen, or made by “new conversation”. */
  onSelect(roomId: string): void;
  /** The address of a room on the host's site, so that it can be opened in a new tab. */
  readonly hrefOf?: (roomId: string) => string;
  /** Whether “new conversation” offers to make a group: where the server lets this person (`HYRED_GROUPS`). */
  readonly canMakeGroups?: boolean;
}

/** All conversations, latest first, with search, unread counts, presence and typing. */
export function ChatRoomList(props: ChatRoomListProps): ReactNode {
  return (
    <Part name="rooms">
      <RoomList {...props} />
      <Words />
    </Part>
  );
}
