/** What a page has written on its device: what a reload, or a closed tab, may count on. */
import { eventually } from "./waiting";
import type { Screen } from "./screen";

type Store = "outbox" | "rooms" | "messages" | "drafts" | "notifications" | "meta";

/** Waits until a message is on the disk in this state; null: until it is there no more. */
export async function whenQueued(screen: Screen, content: string, state: "queued" | "refused" | null): Promise<void> {
  const find = async () => (await readStore<{ content: string; state: string }>(screen, "outbox")).find(isIt)?.state;
  const isIt = (message: { content: string }): boolean => message.content === content;
  await eventually(async () => (await find()) ?? null).toBe(state);
}

/** Waits until the disk has what the server was told of the files of a message: from then on it may be there. */
export async function whenTried(screen: Screen, content: string): Promise<void> {
  type Waiting = { content: string; attachments?: readonly unknown[] };
  const isTried = (message: Waiting): boolean => message.content === content && message.attachments !== undefined;
  await eventually(async () => (await readStore<Waiting>(screen, "outbox")).some(isTried)).toBe(true);
}

/** Waits until what is being written, or edited, is on the disk. */
export async function whenDrafted(screen: Screen, text: string): Promise<void> {
  const read = () => readStore<{ text: string; mode: { text?: string } | null }>(screen, "drafts");
  const drafts = async () => (await read()).map((draft) => draft.mode?.text ?? draft.text);
  await eventually(drafts).toContain(text);
}

/** Waits until a text that the server has refused is on the disk, and no longer in the outbox. */
export async function whenRefused(screen: Screen, content: string): Promise<void> {
  type Entry = { action?: { content?: string } };
  const has = async (store: Store) =>
    (await readStore<Entry>(screen, store)).some((entry) => entry.action?.content === content);
  await eventually(async () => [await has("meta"), await has("outbox")]).toEqual([true, false]);
}

/** Waits until another text for a message waits on the disk to be sent. */
export async function whenEdited(screen: Screen, content: string): Promise<void> {
  type Entry = { action?: { content?: string } };
  const read = async () => (await readStore<Entry>(screen, "outbox")).map((entry) => entry.action?.content);
  await eventually(read).toContain(content);
}

/** Waits until a message, and the list that its conversation stands in, can be had without a network. */
export async function whenCached(screen: Screen, content: string): Promise<void> {
  await eventually(async () => JSON.stringify(await readStore(screen, "messages"))).toContain(content);
  await eventually(async () => JSON.stringify(await readStore(screen, "rooms"))).toContain(content);
}

/** All that a store of the page's database holds: of everybody who is signed in on this device. */
async function readStore<Value>(screen: Screen, store: Store): Promise<Value[]> {
  const values = await screen.page.evaluate(async (name) => {
    const done = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(new Error(request.error?.message));
      });
    const found: unknown[] = [];
    for (const description of await indexedDB.databases()) {
      const database = await done(indexedDB.open(description.name ?? ""));
      if (database.objectStoreNames.contains(name)) {
        found.push(...(await done<unknown[]>(database.transaction(name).objectStore(name).getAll())));
      }
      database.close();
    }
    return found;
  }, store);
  return values as Value[];
}

/** Which files are kept on the device to be seen without a network: the addresses that the page keeps them by. */
export async function listKeptFiles({ page }: Screen): Promise<string[]> {
  return page.evaluate(async () => {
    const names = (await caches.keys()).filter((name) => name.endsWith(" files"));
    const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    return requests.flat().map(({ url }) => new URL(url).pathname);
  });
}

/** Whether anything at all that the device keeps holds a text, or an address with it. */
export async function isKeptAnywhere(screen: Screen, text: string): Promise<boolean> {
  const stores = ["outbox", "rooms", "messages", "drafts", "notifications", "meta"] as const;
  const values = await Promise.all(stores.map((store) => readStore(screen, store)));
  return JSON.stringify([values, await listKeptFiles(screen)]).includes(text);
}
