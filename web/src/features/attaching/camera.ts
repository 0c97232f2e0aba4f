/** A camera of the device, from the moment it is asked for until it is given back. */
import { WritableStore } from "../../lib/store";
import { giveBack, openDevice, whyNot, type DeviceProblem } from "./devices";
import { takeStill } from "./still";

/** `unplugged`: it was there, and is gone. */
export type CameraProblem = DeviceProblem | "unplugged";

/**
 * - `waiting`: somebody is asked, or it starts. `stream` is there once it was given.
 * - `live`: it has sent its first picture.
 * - `taking`: a picture is being written down.
 * - `taken`: somebody looks at it. The camera stays open meanwhile, for another one.
 */
export type CameraView =
  | { readonly phase: "waiting"; readonly stream: MediaStream | null }
  | { readonly phase: "live" | "taking"; readonly stream: MediaStream }
  | { readonly phase: "taken"; readonly picture: File }
  | { readonly phase: "failed"; readonly reason: CameraProblem };

export interface Cameras {
  /** A name is empty where the browser does not tell it. */
  readonly all: readonly { readonly id: string; readonly name: string }[];
  /** The id of the one that is open, or to be opened; empty where that is the browser's choice. */
  readonly current: string;
}

/** From a camera that was given to its first picture. */
export const START_MS = 10_000;
/** Pixels, as the camera has them and none made up. More is never sent, and would warm the device. */
const WANTED = { width: { ideal: 2_560 }, height: { ideal: 1_440 }, resizeMode: { ideal: "none" } };
/** Chromium adds it to names: “Webcam (046d:0825)”. */
const HARDWARE_ID = / \([\da-f]{4}:[\da-f]{4}\)$/i;

export class Camera {
  readonly view = new WritableStore<CameraView>({ phase: "waiting", stream: null });
  readonly cameras = new WritableStore<Cameras>({ all: [], current: "" });
  #attempt = new AbortController();
  #stream: MediaStream | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Asks for a camera. The answer gives it back, whatever has become of it. */
  readonly begin = (): (() => void) => {
    const end = new AbortController();
    const { signal } = end;
    document.addEventListener("visibilitychange", () => this.#onVisibility(), { signal });
    navigator.mediaDevices.addEventListener("devicechange", () => void this.#list(), { signal });
    this.open();
    return () => {
      end.abort();
      this.#release();
    };
  };

  /** Opens a camera in place of what was open, by its id or by the browser's choice. */
  readonly open = (id = ""): void => {
    this.#release();
    this.#attempt = new AbortController();
    this.cameras.update(({ all }) => ({ all, current: id }));
    this.view.set({ phase: "waiting", stream: null });
    void this.#start(id, this.#attempt.signal);
  };

  /** Says that its picture is on the screen. */
  readonly show = (): void => {
    const view = this.view.getSnapshot();
    if (view.phase !== "waiting" || view.stream === null) return;
    clearTimeout(this.#timer);
    this.view.set({ phase: "live", stream: view.stream });
  };

  /** Takes what an element shows at this moment. */
  readonly take = async (video: HTMLVideoElement): Promise<void> => {
    const view = this.view.getSnapshot();
    if (view.phase !== "live") return;
    this.view.set({ phase: "taking", stream: view.stream });
    try {
      this.view.set({ phase: "taken", picture: await takeStill(video) });
    } catch {
      this.#fail("failed");
    }
  };

  /** Another one, in place of the picture that was taken or of what has failed. */
  readonly again = (): void => {
    if (this.#stream === null) this.open(this.cameras.getSnapshot().current);
    else this.#waitFor(this.#stream);
  };

  async #start(id: string, signal: AbortSignal): Promise<void> {
    try {
      const stream = await openDevice({ video: id === "" ? WANTED : { ...WANTED, deviceId: { exact: id } } }, signal);
      this.#stream = stream;
      for (const track of stream.getTracks()) track.onended = () => this.#onEnded();
      this.#waitFor(stream);
    } catch (cause) {
      if (signal.aborted) return;
      this.#fail(whyNot(cause));
    }
    // Their names are told to those who may use them.
    await this.#list();
  }

  #waitFor(stream: MediaStream): void {
    this.view.set({ phase: "waiting", stream });
    this.#timer = setTimeout(() => this.#fail("silent"), START_MS);
  }

  async #list(): Promise<void> {
    const found = await navigator.mediaDevices.enumerateDevices().catch(() => []);
    const all = found
      .filter(({ kind, deviceId }) => kind === "videoinput" && deviceId !== "")
      .map(({ deviceId, label }) => ({ id: deviceId, name: label.replace(HARDWARE_ID, "") }));
    const open = this.#stream?.getVideoTracks()[0]?.getSettings().deviceId;
    this.cameras.update(({ current }) => {
      const id = open ?? current;
      return { all, current: all.some((camera) => camera.id === id) ? id : "" };
    });
  }

  /** Somebody has pulled the plug, or taken back what they had allowed. */
  #onEnded(): void {
    const { phase } = this.view.getSnapshot();
    this.#release();
    if (phase === "waiting" || phase === "live") this.#fail("unplugged");
    void this.#list();
  }

  /** Nobody is seen by a camera that they do not look at. */
  #onVisibility(): void {
    const { phase } = this.view.getSnapshot();
    if (document.visibilityState === "hidden") {
      this.#release();
      if (phase === "waiting" || phase === "live") this.view.set({ phase: "waiting", stream: null });
    } else if (phase === "waiting") this.open(this.cameras.getSnapshot().current);
  }

  #fail(reason: CameraProblem): void {
    this.#release();
    this.view.set({ phase: "failed", reason });
  }

  #release(): void {
    this.#attempt.abort();
    clearTimeout(this.#timer);
    if (this.#stream !== null) giveBack(this.#stream);
    this.#stream = null;
  }
}

/** Who sits before a camera expects a mirror. What is behind a device that is held in the hand is shown as it is. */
export function isMirrored(stream: MediaStream): boolean {
  const side = stream.getVideoTracks()[0]?.getSettings().facingMode;
  return side === undefined || side === "" || side === "user";
}
