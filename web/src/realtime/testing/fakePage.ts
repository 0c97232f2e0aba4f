import type { Page } from "../page";

/** A page whose network and sleep are a test's to command. */
export class FakePage implements Page {
  readonly #network = new Set<() => void>();
  readonly #wake = new Set<() => void>();
  readonly #hide = new Set<() => void>();
  readonly #visibility = new Set<() => void>();
  #isOnline = true;
  #isVisible = true;

  readonly isOnline = () => this.#isOnline;
  readonly isVisible = () => this.#isVisible;
  readonly onVisibilityChange = (listener: () => void) => add(this.#visibility, listener);
  readonly onNetworkChange = (listener: () => void) => add(this.#network, listener);
  readonly onWake = (listener: () => void) => add(this.#wake, listener);
  readonly onHide = (listener: () => void) => add(this.#hide, listener);

  get listeners(): number {
    return this.#network.size + this.#wake.size + this.#hide.size + this.#visibility.size;
  }

  setOnline(isOnline: boolean): void {
    this.#isOnline = isOnline;
    callAll(this.#network);
  }

  setVisible(isVisible: boolean): void {
    this.#isVisible = isVisible;
    callAll(this.#visibility);
  }

  wake(): void {
    callAll(this.#wake);
  }

  hide(): void {
    callAll(this.#hide);
  }
}

function add(listeners: Set<() => void>, listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function callAll(listeners: Set<() => void>): void {
  for (const listener of [...listeners]) listener();
}
