/** Microphone and camera: whether a page may have one, why it has none, and giving it back. */

/**
 * - `denied`: by the person, the system, or the policy of the page.
 * - `missing`: there is none.
 * - `busy`: there is one, and it cannot be started.
 * - `silent`: neither the device nor whoever was asked has answered.
 */
export type DeviceProblem = "denied" | "missing" | "busy" | "silent" | "failed";

/** How long somebody may be asked, and a device may take to start. */
export const ANSWER_MS = 60_000;

const PROBLEMS: Readonly<Record<string, DeviceProblem>> = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "missing",
  OverconstrainedError: "missing",
  NotReadableError: "busy",
  AbortError: "busy",
  TimeoutError: "silent",
};

/**
 * Whether this page can ask for a device at all: pages without HTTPS have none, and where the library is used, the host's
 * policy may forbid it. Where the browser does not tell of policies, asking is `denied`.
 */
export function mayAskFor(device: "camera" | "microphone"): boolean {
  const { featurePolicy } = document as { readonly featurePolicy?: { allowsFeature(name: string): boolean } };
  const { mediaDevices } = navigator as Partial<Navigator>;
  return mediaDevices !== undefined && featurePolicy?.allowsFeature(device) !== false;
}

/**
 * A device, as soon as it is given. Rejects with the browser's reason, with a `TimeoutError` after a minute, and with
 * the signal's reason when nobody waits any more. What is given after that is given back at once.
 */
export async function openDevice(constraints: MediaStreamConstraints, signal: AbortSignal): Promise<MediaStream> {
  const given = navigator.mediaDevices.getUserMedia(constraints);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let giveUp = (): void => undefined;
  const over = new Promise<never>((_, reject) => {
    giveUp = () => reject(signal.reason as Error);
    signal.addEventListener("abort", giveUp);
    timer = setTimeout(() => reject(new DOMException("No answer.", "TimeoutError")), ANSWER_MS);
  });
  try {
    const stream = await Promise.race([given, over]);
    signal.throwIfAborted();
    return stream;
  } catch (cause) {
    given.then(giveBack, () => undefined);
    throw cause;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", giveUp);
  }
}

/** Ends what a device sends; its light goes out. */
export function giveBack(stream: MediaStream): void {
  for (const track of stream.getTracks()) {
    track.onended = null;
    track.stop();
  }
}

/** Of what `getUserMedia` or `openDevice` rejects with. */
export function whyNot(cause: unknown): DeviceProblem {
  const { name } = cause instanceof Error ? cause : { name: "" };
  return PROBLEMS[name] ?? "failed";
}
