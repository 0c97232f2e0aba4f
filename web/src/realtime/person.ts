/** Who is signed in, and what this device keeps for them: known from an earlier time at once, from the server for sure. */
import { WritableStore } from "../lib/store";
import { accountOfToken, KnownPeople } from "./account";
import { bounded } from "./bounded";
import { Device } from "./device";
import { joinTabs, nameOfOutbox, type Tabs } from "./tabs";
import type { ChatClientOptions, User } from "./types";

// How long a conversation waits for its cache before it goes on without.
const PATIENCE_MS = 2_000;

export interface FoundPerson {
  readonly user: User;
  readonly device: Device;
  readonly tabs: Tabs;
  readonly lockName: string;
}

export class Person {
  /** Set when all that the device keeps has come in. */
  readonly me = new WritableStore<User | null>(null);
  readonly #options: ChatClientOptions;
  readonly #onFound: (found: FoundPerson) => Promise<void>;
  readonly #people: KnownPeople;
  #found: FoundPerson | null = null;
  #finding: Promise<FoundPerson> | null = null;
  #recognising: Promise<void> | null = null;
  #accountFound: Promise<string> | null = null;
  #isClosed = false;

  constructor(options: ChatClientOptions, onFound: (found: FoundPerson) => Promise<void>) {
    this.#options = options;
    this.#onFound = onFound;
    this.#people = new KnownPeople(options.serverUrl);
  }

  get found(): FoundPerson | null {
    return this.#found;
  }

  /** Who this account was the last time. Never throws. */
  recognise(): Promise<void> {
    this.#recognising ??= this.#recognise().catch(() => undefined);
    return this.#recognising;
  }

  /** The server says who it is. Returns false when that is somebody else than we took them for. */
  async confirm(user: User): Promise<boolean> {
    await bounded(this.recognise(), PATIENCE_MS).catch(() => undefined);
    const found = await this.#adopt(user);
    if (found.user.id !== user.id) {
      await this.#people.forget(await this.#account());
      return false;
    }
    if (!isSameUser(this.me.getSnapshot(), user)) this.me.set(user);
    await this.#people.keep(await this.#account(), user);
    return true;
  }

  /** The person, as soon as known; null when that takes too long. */
  async soon(): Promise<FoundPerson | null> {
    if (this.#found) return this.#found;
    const known = new Promise<void>((resolve) => {
      const end = this.me.subscribe(() => {
        end();
        resolve();
      });
    });
    await bounded(known, PATIENCE_MS).catch(() => undefined);
    return this.#found;
  }

  close(): void {
    this.#isClosed = true;
    this.#found?.tabs.close();
    this.#found?.device.close();
    void this.#people.close();
  }

  /** Removes what the device keeps. */
  async forget(): Promise<void> {
    await this.#found?.device.destroy();
    const people = new KnownPeople(this.#options.serverUrl);
    await this.#account().then(
      (account) => people.forget(account),
      () => undefined,
    );
    await people.close();
  }

  async #recognise(): Promise<void> {
    const user = await this.#people.find(await this.#account());
    if (user && !this.#isClosed) await this.#adopt(user);
  }

  /** The first that is adopted stays. */
  #adopt(user: User): Promise<FoundPerson> {
    this.#finding ??= this.#open(user);
    return this.#finding;
  }

  async #open(user: User): Promise<FoundPerson> {
    const { serverUrl } = this.#options;
    const device = await Device.open(serverUrl, user.id, () => import("./keptFiles"));
    const name = nameOfOutbox(serverUrl, user.id);
    const found = { user, device, tabs: joinTabs(name), lockName: name };
    if (this.#isClosed) {
      found.tabs.close();
      device.close();
      return found;
    }
    this.#found = found;
    await this.#onFound(found);
    this.me.set(user);
    return found;
  }

  #account(): Promise<string> {
    this.#accountFound ??= this.#findAccount();
    return this.#accountFound;
  }

  async #findAccount(): Promise<string> {
    try {
      return this.#options.account ?? (await accountOfToken(await this.#options.getToken({ forceRefresh: false })));
    } catch (cause) {
      this.#accountFound = null;
      throw cause;
    }
  }
}

function isSameUser(a: User | null, b: User): boolean {
  return a !== null && a.id === b.id && a.name === b.name && a.avatar === b.avatar && a.role === b.role;
}
