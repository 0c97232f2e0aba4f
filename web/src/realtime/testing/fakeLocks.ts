/** Web locks as the tabs of one browser share them, as far as they are used here: one exclusive lock, and stealing. */

interface Holder {
  readonly grant: () => Promise<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (cause: Error) => void;
}

export class FakeLocks {
  #holder: Holder | null = null;
  readonly #line: Holder[] = [];

  request(_name: string, options: LockOptions, grant: () => Promise<unknown>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const holder = { grant, resolve, reject };
      options.signal?.addEventListener("abort", () => this.#leaveLine(holder));
      if (options.steal && this.#holder) {
        this.#holder.reject(new Error("The lock was stolen."));
        this.#give(holder);
      } else if (this.#holder) this.#line.push(holder);
      else this.#give(holder);
    });
  }

  asLockManager(): LockManager {
    return this as unknown as LockManager;
  }

  #give(holder: Holder): void {
    this.#holder = holder;
    void Promise.resolve()
      .then(() => holder.grant())
      .then((value) => {
        holder.resolve(value);
        if (this.#holder !== holder) return;
        this.#holder = null;
        const next = this.#line.shift();
        if (next) this.#give(next);
      });
  }

  #leaveLine(holder: Holder): void {
    const place = this.#line.indexOf(holder);
    if (place < 0) return;
    this.#line.splice(place, 1);
    holder.reject(new Error("Nobody waits any more."));
  }
}
