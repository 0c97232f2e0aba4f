import { currentZone, followClock } from "../../lib/format/clock";
import { localeStore } from "../../lib/i18n/locale";
import type { ChatClient } from "../../realtime/types";
import type { SessionAccess } from "../session";
import { deviceOf } from "./deviceOf";
import type { PushTarget } from "./messages";
import type { PushDevice } from "./pushDevice";
import { closeWhatIsRead } from "./readNotifications";
import { listenToWorker } from "./workerMessages";

export interface PushPage {
  readonly access: SessionAccess;
  readonly client: ChatClient;
  /** The conversation that is on screen. */
  roomId(): string | null;
  onNavigate(target: PushTarget): void;
}

/**
 * Push for as long as somebody is signed in: registers this browser, does what the service worker says, and closes
 * what it shows of what was read. Returns what ends that.
 */
export function startPush({ access, client, roomId, onNavigate }: PushPage): () => void {
  const device = deviceOf(access);
  const ends = [
    keepRegistered(device, client),
    closeWhatIsRead(client),
    listenToWorker({
      look: () => {
        const me = client.me.getSnapshot();
        return me && { userId: me.id, roomId: roomId() };
      },
      onFollow: (target, notificationId) => {
        if (notificationId !== null) client.notifications.markRead(notificationId);
        if (target !== null) onNavigate(target);
      },
      onSubscriptionChanged: () => void device.renew(),
    }),
  ];
  return () => {
    for (const end of ends) end();
  };
}

/** The session ends. */
export async function leavePush({ access, client }: Pick<PushPage, "access" | "client">): Promise<void> {
  await deviceOf(access).remove(client.me.getSnapshot()?.id ?? null);
}

/** At each start, each connect after a failure, and when the language or the time zone changes, in which the server speaks. */
function keepRegistered(device: PushDevice, { me, connection }: ChatClient): () => void {
  let userId: string | null = null;
  let endDevice: () => void = () => undefined;
  const followPerson = (): void => {
    const now = me.getSnapshot()?.id ?? null;
    if (now === null || now === userId) return;
    userId = now;
    endDevice();
    endDevice = device.start(now);
  };
  const followConnection = (): void => {
    if (connection.getSnapshot().phase === "online") void device.refresh();
  };
  followPerson();
  const ends = [
    me.subscribe(followPerson),
    connection.subscribe(followConnection),
    localeStore.subscribe(() => void device.refresh()),
    followZone(() => void device.refresh()),
    () => endDevice(),
  ];
  return () => {
    for (const end of ends) end();
  };
}

function followZone(listener: () => void): () => void {
  let zone = currentZone();
  return followClock(() => {
    if (zone === currentZone()) return;
    zone = currentZone();
    listener();
  });
}
