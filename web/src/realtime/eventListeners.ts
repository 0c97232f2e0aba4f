/** Who listens to which event of the server. */
export type EventListener = (payload: unknown) => void;

export class EventListeners {
  readonly #listeners = new Map<string, Set<EventListener>>();

  /** Calls `listener` with the payload of each event of this name; the answer ends that. */
  on(name: string, listener: EventListener): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  emit(name: string, payload: unknown): void {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) listener(payload);
  }

  clear(): void {
    this.#listeners.clear();
  }
}
