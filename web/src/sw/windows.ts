/** The open windows, and who is signed in there. */
import type { WindowState, WorkerMessage } from "../features/push/messages";
import { isPage } from "./addresses";
import type { AppWindow, Surroundings } from "./worker";

export interface PeopledWindow extends WindowState {
  readonly window: AppWindow;
}

/**
 * A window that runs answers within milliseconds. One that is frozen, as Android does with those that nobody has looked at
 * for a while, does not. Not longer: Firefox lets the worker open a window for one second after a click.
 */
const ANSWER_TIMEOUT_MS = 500;

export interface AskedWindows {
  /** Where somebody is signed in, those that are seen first. */
  readonly people: readonly PeopledWindow[];
  /** Those of the app that have not answered: they run again, and hear what they were told, once they are looked at. */
  readonly silent: readonly AppWindow[];
}

export async function whoIsThere(windows: readonly AppWindow[]): Promise<AskedWindows> {
  const answers = await Promise.all(windows.map(async (window) => ({ window, state: await ask(window) })));
  const people = answers.flatMap(({ window, state }) => (state ? [{ ...state, window }] : []));
  const silent = answers.flatMap(({ window, state }) => (state === undefined && isOfApp(window) ? [window] : []));
  return { people: people.sort((a, b) => rankOf(a.window) - rankOf(b.window)), silent };
}

export async function tellWindows(worker: Surroundings, message: WorkerMessage): Promise<void> {
  for (const window of await worker.listWindows()) window.postMessage(message);
}

/** Null when nobody is signed in there; undefined when it does not answer. */
function ask(window: AppWindow): Promise<WindowState | null | undefined> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    const finish = (answer: WindowState | null | undefined): void => {
      clearTimeout(timer);
      port1.close();
      resolve(answer);
    };
    const timer = setTimeout(() => finish(undefined), ANSWER_TIMEOUT_MS);
    port1.onmessage = ({ data }: MessageEvent<WindowState | null>) => finish(data);
    window.postMessage({ kind: "push.whoIsThere" }, [port2]);
  });
}

/** The server's own pages, such as the description of its API, never answer. */
function isOfApp({ url }: AppWindow): boolean {
  return isPage(new URL(url).pathname);
}

function rankOf({ visibilityState }: AppWindow): number {
  return visibilityState === "visible" ? 0 : 1;
}
