/** A browser's subscription at its push service, made with the server's key. */

// A push service that cannot be reached lets one wait for long.
export const SUBSCRIBE_TIMEOUT_MS = 20_000;

/** The subscription with this key: the one there is, or a new one in its place. Throws what the browser refuses with. */
export async function subscribeWith(
  pushes: PushManager,
  key: string,
  lastKey: string | null,
): Promise<PushSubscription> {
  const known = await pushes.getSubscription();
  if (known !== null) {
    if ((keyOf(known) ?? lastKey) === key) return known;
    await known.unsubscribe();
  }
  return pushes.subscribe({ userVisibleOnly: true, applicationServerKey: bytesOf(key) });
}

/** Null in browsers that do not tell. */
function keyOf({ options }: Partial<PushSubscription>): string | null {
  const key = options?.applicationServerKey ?? null;
  return key && base64UrlOf(new Uint8Array(key));
}

function base64UrlOf(bytes: Uint8Array): string {
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** As bytes, since Safari does not take the text. */
function bytesOf(base64Url: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64Url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
