import { isWorkerMessage, type PushTarget, type WindowState, type WorkerMessage } from "./messages";

export interface WorkerListener {
  /** Who is signed in, and what they look at; null when nobody is. */
  look(): WindowState | null;
  onFollow(target: PushTarget | null, notificationId: string | null): void;
  onSubscriptionChanged(): void;
}

/** Answers the service worker, and does what it says. Returns what ends that. */
export function listenToWorker(listener: WorkerListener): () => void {
  // Absent where pages have no TLS.
  const worker = (navigator as Partial<Navigator>).serviceWorker;
  const hear = ({ data, ports }: MessageEvent<unknown>): void => {
    if (isWorkerMessage(data)) follow(listener, data, ports[0]);
  };
  worker?.addEventListener("message", hear);
  worker?.startMessages();
  return () => worker?.removeEventListener("message", hear);
}

function follow(listener: WorkerListener, message: WorkerMessage, port: MessagePort | undefined): void {
  const state = listener.look();
  if (message.kind === "push.whoIsThere") port?.postMessage(state);
  else if (message.kind === "push.subscriptionChanged") listener.onSubscriptionChanged();
  // A window that was frozen hears it without having said who is there.
  else if (message.userId === null || message.userId === state?.userId)
    listener.onFollow(message.target, message.notificationId);
}
