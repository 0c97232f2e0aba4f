import "./styles";

import type { ReactNode } from "react";

import { Bell, ToastRegion, useBrowserNotifications, type NavigationTarget } from "../features/notifications";
import { Part } from "./Part";

export interface RealTimeNotificationsProps {
  /** Where a notification leads: a conversation, a job, a contract of the host. */
  onNavigate(target: NavigationTarget): void;
  /** The address of the page that a notification leads to; null where it leads nowhere, undefined for `onNavigate`. */
  readonly addressOf?: (target: NavigationTarget) => string | null | undefined;
  /** The room that is shown: its messages need no toast. */
  readonly currentRoomId?: string | null;
}

/** A bell with what is unread, toasts for what is new, and the browser's notifications where they were allowed. */
export function RealTimeNotifications({ currentRoomId = null, ...guide }: RealTimeNotificationsProps): ReactNode {
  useBrowserNotifications(guide.onNavigate);
  return (
    <Part name="notifications">
      <Bell {...guide} />
      <ToastRegion currentRoomId={currentRoomId} {...guide} />
    </Part>
  );
}
