/** The tabs of a browser tell one another that preferences were changed; each then asks the server. */

let channel: BroadcastChannel | null = null;

export function tellOtherTabs(): void {
  openChannel()?.postMessage("changed");
}

/** Calls `listener` when another tab has changed them; the answer ends that. */
export function listenToTabs(listener: () => void): () => void {
  const opened = openChannel();
  opened?.addEventListener("message", listener);
  return () => opened?.removeEventListener("message", listener);
}

/** One for the page, as long as it lives: it does not hear itself. */
function openChannel(): BroadcastChannel | null {
  if (typeof BroadcastChannel === "undefined") return null;
  channel ??= new BroadcastChannel("hyred-preferences");
  return channel;
}
