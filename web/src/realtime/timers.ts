/** Timers that end together: each by its name, a new one in place of an old one, none after `close`. */
export class Timers {
  readonly #running = new Map<string, ReturnType<typeof setTimeout>>();
  #isClosed = false;

  /** Calls `action` once after `delayMs`, instead of what was set under this name. */
  set(name: string, delayMs: number, action: () => void): void {
    this.cancel(name);
    if (this.#isClosed) return;
    const timer = setTimeout(() => {
      this.#running.delete(name);
      action();
    }, delayMs);
    this.#running.set(name, timer);
  }

  isSet(name: string): boolean {
    return this.#running.has(name);
  }

  cancel(name: string): void {
    clearTimeout(this.#running.get(name));
    this.#running.delete(name);
  }

  close(): void {
    this.#isClosed = true;
    for (const name of [...this.#running.keys()]) this.cancel(name);
  }
}
