/** What the tabs of one person tell one another. */
import type { KeptDraft } from "./device";
import type { KeptFile } from "./files/kept";
import type { Queued } from "./outboxQueue";
import type { Message, NotificationRecord } from "./types";

/** What became of something that has left the queue; nothing when it was given up. */
export interface QueueEnd {
  /** The message that it was sent as, or that it was about. */
  readonly stored?: Message | null;
  /** The action was taken. */
  readonly isDone?: boolean;
  /** Why the action was not. */
  readonly refusal?: { readonly code: string; readonly message: string; readonly details?: unknown };
}

export type TabMessage =
  | { readonly kind: "queued"; readonly message: Queued }
  | ({ readonly kind: "unqueued"; readonly clientMessageId: string } & QueueEnd)
  | { readonly kind: "isSenderAlive" }
  | { readonly kind: "senderIsAlive" }
  | { readonly kind: "read"; readonly roomId: string; readonly seq: number }
  /** What somebody has begun to write in a room; empty when it was sent or given up. */
  | { readonly kind: "draftKept"; readonly draft: KeptDraft }
  | { readonly kind: "notified"; readonly record: NotificationRecord }
  | { readonly kind: "notificationsRead"; readonly ids: readonly string[] }
  | { readonly kind: "preferencesChanged" }
  | { readonly kind: "fileKept"; readonly file: KeptFile }
  | { readonly kind: "fileChanged"; readonly id: string; readonly change: Partial<KeptFile> }
  | { readonly kind: "fileGone"; readonly id: string }
  | { readonly kind: "signedOut" };

export interface Tabs {
  tell(message: TabMessage): void;
  on(listener: (message: TabMessage) => void): () => void;
  close(): void;
}

/** What the tabs of one person, and the service worker, call what they share. */
export function nameOfOutbox(serverUrl: string, userId: string): string {
  return ["hyred-outbox", serverUrl, userId].filter(Boolean).join("-");
}

/** The tabs that use the same name. Where there is no BroadcastChannel, a tab is alone. */
export function joinTabs(name: string): Tabs {
  const listeners = new Set<(message: TabMessage) => void>();
  let channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(name);
  if (channel) {
    channel.onmessage = (event: MessageEvent<TabMessage>) => {
      for (const listener of [...listeners]) listener(event.data);
    };
  }
  return {
    tell: (message) => channel?.postMessage(message),
    on: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => {
      listeners.clear();
      channel?.close();
      channel = null; // it throws when it is told something after its end
    },
  };
}
