/** Whose the pushes to this browser are: written by the page that subscribes, read by the service worker. */
import { openKeyValueDatabase } from "../../lib/storage/indexedDatabase";
import type { KeyValueDatabase } from "../../lib/storage/keyValueDatabase";

export interface PushOwner {
  readonly userId: string;
  /** The language of the page, which the service worker has no other way to know. */
  readonly locale: string;
  /** The server's key that the subscription was made with. */
  readonly key: string;
  readonly endpoint: string;
}

/** A browser has one subscription, and so one person whom it is for. */
export interface PushOwners {
  /** Null when it is nobody's; undefined where the browser keeps nothing, so that it cannot be known. */
  find(): Promise<PushOwner | null | undefined>;
  keep(owner: PushOwner): Promise<void>;
  forget(): Promise<void>;
}

const DATABASE = { name: "hyred-chat push", version: 1, stores: ["owner"] };
const KEY = ["owner"];

export const keptOwners: PushOwners = {
  find: () =>
    withDatabase(async (database) => {
      if (!database.isDurable) return undefined;
      return ((await database.get("owner", KEY)) as PushOwner | undefined) ?? null;
    }),
  keep: (owner) => withDatabase((database) => database.write([{ store: "owner", key: KEY, value: owner }])),
  forget: () => withDatabase((database) => database.write([{ store: "owner", remove: KEY }])),
};

/** Opened for each use: a service worker may be ended at any time, and an open database holds up others. */
async function withDatabase<T>(act: (database: KeyValueDatabase) => Promise<T>): Promise<T | undefined> {
  const database = await openKeyValueDatabase(DATABASE);
  try {
    return await act(database);
  } catch {
    return undefined;
  } finally {
    database.close();
  }
}
