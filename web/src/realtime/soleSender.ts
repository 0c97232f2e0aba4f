/** Exactly one tab of a person sends: the one that holds the lock. A tab that ends frees it, and the next one has it. */
import type { KeyValueDatabase } from "../lib/storage/keyValueDatabase";
import { newId } from "./ids";

export interface SoleSender {
  isHeld(): boolean;
  /** Takes the lock from a tab that shows no sign of life. */
  steal(): void;
  close(): void;
}

export interface SoleSenderOptions {
  readonly name: string;
  readonly database: KeyValueDatabase;
  /** Called when this tab is the one, and when it no longer is. */
  onChange(isHeld: boolean): void;
  readonly locks?: LockManager | undefined;
}

const LEASE_MS = 6_000;
const RENEW_MS = 2_000;
const LEASE_STORE = "meta";
const LEASE_KEY = ["senderLease"];

export function becomeSoleSender(options: SoleSenderOptions): SoleSender {
  const locks = options.locks ?? pageLocks();
  return locks ? new LockHolder(locks, options) : new LeaseHolder(options);
}

function pageLocks(): LockManager | undefined {
  return typeof navigator !== "undefined" && "locks" in navigator ? navigator.locks : undefined;
}

class LockHolder implements SoleSender {
  readonly #locks: LockManager;
  readonly #options: SoleSenderOptions;
  readonly #closing = new AbortController();
  #release: (() => void) | null = null;
  #isClosed = false;

  constructor(locks: LockManager, options: SoleSenderOptions) {
    this.#locks = locks;
    this.#options = options;
    this.#ask({ signal: this.#closing.signal });
  }

  isHeld(): boolean {
    return this.#release !== null;
  }

  steal(): void {
    if (!this.#isClosed && !this.isHeld()) this.#ask({ steal: true });
  }

  close(): void {
    this.#isClosed = true;
    this.#closing.abort();
    this.#release?.();
  }

  #ask(how: LockOptions): void {
    const hold = () =>
      new Promise<void>((resolve) => {
        if (this.#isClosed || this.isHeld()) {
          resolve();
          return;
        }
        this.#release = () => {
          this.#release = null;
          resolve();
        };
        this.#options.onChange(true);
      });
    this.#locks.request(this.#options.name, how, hold).catch(() => this.#lose());
  }

  /** Another tab took it from us (or we closed while we waited): back into the line. */
  #lose(): void {
    if (this.#isClosed) return;
    this.#release = null;
    this.#options.onChange(false);
    this.#ask({ signal: this.#closing.signal });
  }
}

/** Where there are no locks (an old Safari, a page without TLS): a lease in the database that is renewed while we live. */
class LeaseHolder implements SoleSender {
  readonly #options: SoleSenderOptions;
  readonly #owner = newId();
  readonly #timer: ReturnType<typeof setInterval>;
  #isHeld = false;

  constructor(options: SoleSenderOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.#renew(), RENEW_MS);
    void this.#renew();
  }

  isHeld(): boolean {
    return this.#isHeld;
  }

  steal(): void {
    // A lease that is not renewed ends by itself.
  }

  close(): void {
    clearInterval(this.#timer);
    this.#isHeld = false;
    void this.#put((lease) => (lease?.owner === this.#owner ? { ...lease, until: 0 } : lease)).catch(() => undefined);
  }

  async #renew(): Promise<void> {
    const now = Date.now();
    const mine = { owner: this.#owner, until: now + LEASE_MS };
    try {
      const lease = await this.#put((held) =>
        held && held.owner !== this.#owner && isRunning(held, now) ? held : mine,
      );
      this.#set(lease?.owner === this.#owner);
    } catch {
      this.#set(true); // without a database there is nothing to share a queue by
    }
  }

  #set(isHeld: boolean): void {
    if (isHeld === this.#isHeld) return;
    this.#isHeld = isHeld;
    this.#options.onChange(isHeld);
  }

  async #put(change: (lease: Lease | undefined) => Lease | undefined): Promise<Lease | undefined> {
    const { database } = this.#options;
    return (await database.change(LEASE_STORE, LEASE_KEY, (lease) => change(lease as Lease | undefined))) as
      Lease | undefined;
  }
}

/** One that seems to run for longer than leases do is of a time before the device's clock was set back. */
function isRunning({ until }: Lease, now: number): boolean {
  return until > now && until <= now + LEASE_MS;
}

interface Lease {
  readonly owner: string;
  readonly until: number;
}
