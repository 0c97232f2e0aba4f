import { act, type ReactNode } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, vi } from "vitest";

/** A place in the document where React shows things: a new one for each test of a file, and gone after it. */
export class ViewBench {
  container!: HTMLElement;
  #root!: Root;

  constructor() {
    beforeEach(() => {
      vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
      this.container = document.body.appendChild(document.createElement("div"));
      this.#root = createRoot(this.container);
    });
    afterEach(() => this.leave());
  }

  /** This and nothing else, from now on. */
  show(node: ReactNode): void {
    act(() => this.#root.render(node));
  }

  /** Until what was begun is done, where that takes only promises and timers of no time. */
  settle(): Promise<void> {
    return act(() => new Promise<void>((resolve) => setTimeout(resolve)));
  }

  /** Takes it away already, for tests that look at what is left: their own `afterEach` runs before this one's. */
  leave(): void {
    act(() => this.#root.unmount());
    this.container.remove();
  }
}
