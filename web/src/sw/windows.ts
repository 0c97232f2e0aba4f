/** The open windows, and who is signed in there. */
import type { WindowState, WorkerMessage } from "../features/push/messages";
import type { AppWindow, Surroundings } from "./worker";

export interface PeopledWindow extends WindowState {
  readonly window: AppWindow;
}

/**
 * A window that runs answers within milliseconds; one that is frozen, or where nobody is signed in, does not. Not longer:
 * Firefox lets the worker open a window for one second after a click. A window that answers too late gets another beside it.
 */
const ANSWER_TIMEOUT_MS = 500;

/** The windows where somebody is signed in, those that are seen first. */
export async function whoIsThere(windows: readonly AppWindow[]): Promise<PeopledWindow[]> {
  const answers = await Promise.all(windows.map(ask));
  const found = answers.filter((answer) => answer !== null);
  return found.sort((a, b) => rankOf(a.window) - rankOf(b.window));
}

export async function tellWindows(worker: Surroundings, message: WorkerMessage): Promise<void> {
  for (const window of await worker.listWindows()) window.postMessage(message);
}

function ask(window: AppWindow): Promise<PeopledWindow | null> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    const finish = (answer: PeopledWindow | null): void => {
      clearTimeout(timer);
      port1.close();
      resolve(answer);
    };
    const timer = setTimeout(() => finish(null), ANSWER_TIMEOUT_MS);
    port1.onmessage = ({ data }: MessageEvent<WindowState>) => finish({ ...data, window });
    window.postMessage({ kind: "push.whoIsThere" }, [port2]);
  });
}

function rankOf({ visibilityState }: AppWindow): number {
  return visibilityState === "visible" ? 0 : 1;
}
