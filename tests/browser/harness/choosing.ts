/** Choosing, pasting, dropping, sharing and recording files, as hands and other apps do. */
import type { Locator, Page } from "playwright-core";

import type { Sample } from "./files";
import type { Host, Person } from "./host";
import type { Screen } from "./screen";
import { eventually, seen } from "./waiting";

/** A file as the room has it. */
export interface RoomFile {
  readonly name: string;
  readonly kind: string;
  readonly width: number | null;
  readonly alt?: string | null;
  readonly durationMs: number | null;
  readonly waveform: readonly number[] | null;
}

/** Chooses files as the button does. */
export async function choose({ page }: Screen, samples: readonly Sample[], label = "File"): Promise<void> {
  const payloads = samples.map(({ name, contentType, bytes }) => ({ name, mimeType: contentType, buffer: bytes }));
  await page.locator(`input[type=file][aria-label="${label}"]`).setInputFiles(payloads);
}

export function tray({ page }: Screen, name = "Files to send"): Locator {
  return page.getByRole("list", { name });
}

export function card(screen: Screen, name: string): Locator {
  return tray(screen).getByRole("listitem").filter({ hasText: name });
}

/** Holds files over an element, and drops them there unless they are only `held`. */
export async function drop(target: Locator, samples: readonly Sample[], isHeld = false): Promise<void> {
  const data = await makeTransfer(target.page(), samples);
  for (const event of isHeld ? ["dragover"] : ["dragover", "drop"]) {
    await target.dispatchEvent(event, { dataTransfer: data, bubbles: true, cancelable: true });
  }
}

/** Pastes files, and words beside them, into an input. Returns whether the page has taken them. */
export async function paste(
  input: Locator,
  samples: readonly Sample[],
  words: Record<string, string>,
): Promise<boolean> {
  const data = await makeTransfer(input.page(), samples);
  return input.evaluate(
    (element, [transfer, texts]) => {
      for (const [type, text] of Object.entries(texts)) (transfer as DataTransfer).setData(type, text);
      const clipboardData = transfer as DataTransfer;
      return !element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
    },
    [data, words] as const,
  );
}

/** Shares files and words with the app, as the system does: by a form that the service worker receives. */
export async function share(page: Page, samples: readonly Sample[], words: Record<string, string>): Promise<void> {
  const data = await makeTransfer(page, samples);
  await page.evaluate(
    ([transfer, texts]) => {
      const form = document.createElement("form");
      Object.assign(form, { method: "post", action: "/share", enctype: "multipart/form-data" });
      const input = document.createElement("input");
      Object.assign(input, { type: "file", name: "files", multiple: true });
      input.files = (transfer as DataTransfer).files;
      form.append(input);
      for (const [name, value] of Object.entries(texts)) {
        form.append(Object.assign(document.createElement("input"), { name, value }));
      }
      document.body.append(form);
      form.submit();
    },
    [data, words] as const,
  );
  await page.waitForURL("**/chat");
}

/** The files of the newest message of a room, once it has some. */
export async function newestFiles(host: Host, reader: Person, roomId: string): Promise<readonly RoomFile[]> {
  const read = async (): Promise<readonly RoomFile[]> => {
    const newest = (await host.readRoom(reader, roomId)).at(-1);
    return (newest as { attachments?: readonly RoomFile[] } | undefined)?.attachments ?? [];
  };
  await eventually(async () => (await read()).length).toBeGreaterThan(0);
  return read();
}

/** Counts the microphones and cameras that a page is given, for `openDevices`. Runs in the page before its own scripts. */
export function countDevices(): void {
  const given: MediaStreamTrack[] = [];
  const devices = navigator.mediaDevices;
  const ask = devices.getUserMedia.bind(devices);
  devices.getUserMedia = async (constraints) => {
    const stream = await ask(constraints);
    given.push(...stream.getTracks());
    return stream;
  };
  Object.assign(window, {
    givenDevices: () => given.length,
    openDevices: () => given.filter(({ readyState }) => readyState === "live").length,
  });
}

/** How many of them a page holds now. */
export function openDevices(page: Page): Promise<number> {
  return page.evaluate(() => (window as unknown as { openDevices(): number }).openDevices());
}

/** How many it has been given so far. */
export function givenDevices(page: Page): Promise<number> {
  return page.evaluate(() => (window as unknown as { givenDevices(): number }).givenDevices());
}

/** Presses the microphone and keeps it pressed until something was said. Returns where it is. */
export async function holdMicrophone({ page }: Screen): Promise<{ readonly x: number; readonly y: number }> {
  const button = page.getByRole("button", { name: "Record a voice message" });
  await seen(button);
  const box = await button.boundingBox();
  if (box === null) throw new Error("There is no microphone.");
  const place = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  await page.mouse.move(place.x, place.y);
  await page.mouse.down();
  await whenSaid(page, 1);
  return place;
}

/** Waits until a recording has lasted so many seconds. */
export async function whenSaid(page: Page, seconds: number): Promise<void> {
  await eventually(() => page.getByRole("timer").innerText()).toBe(`0:0${seconds}`);
}

async function makeTransfer(page: Page, samples: readonly Sample[]) {
  const files = samples.map(({ name, contentType, bytes }) => ({ name, contentType, bytes: [...bytes] }));
  return page.evaluateHandle((given) => {
    const transfer = new DataTransfer();
    for (const { name, contentType, bytes } of given) {
      transfer.items.add(new File([new Uint8Array(bytes)], name, { type: contentType }));
    }
    return transfer;
  }, files);
}
