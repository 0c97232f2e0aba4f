/** What the service worker and the windows say to one another. */
import { isRecord } from "../../lib/api/envelope";

/** Where a notification leads; as the notifications of the app have it. */
export type PushTarget =
  | { readonly kind: "chat"; readonly chatRoomId: string }
  | { readonly kind: "job"; readonly jobId: string }
  | { readonly kind: "contract"; readonly contractId: string };

export type WorkerMessage =
  /** Answered through the port that comes along, with a `WindowState`; with null where nobody is signed in. */
  | { readonly kind: "push.whoIsThere" }
  /** Somebody clicked on a notification. It is for `userId` alone; null: for whoever is there. */
  | {
      readonly kind: "push.follow";
      readonly target: PushTarget | null;
      readonly notificationId: string | null;
      readonly userId: string | null;
    }
  /** The browser has ended or renewed the subscription. */
  | { readonly kind: "push.subscriptionChanged" };

/** Asked for, because a service worker knows a window only by the address that it was opened at. */
export interface WindowState {
  readonly userId: string;
  readonly roomId: string | null;
}

export function isWorkerMessage(data: unknown): data is WorkerMessage {
  return isRecord(data) && typeof data.kind === "string" && data.kind.startsWith("push.");
}
