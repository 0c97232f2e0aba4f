import { act, type ReactNode } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { Dialog } from "./Dialog";

let root: Root;
let container: HTMLElement;
const onOuter = vi.fn();
const onInner = vi.fn();

function show(dialogs: ReactNode): void {
  act(() => root.render(dialogs));
}

/** As the browser asks whether it may close something, or says that no file was chosen. Returns whether that was refused. */
function cancel(selector: string, bubbles: boolean): boolean {
  const event = new Event("cancel", { bubbles, cancelable: true });
  act(() => void container.querySelector(selector)?.dispatchEvent(event));
  return event.defaultPrevented;
}

beforeEach(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  // What jsdom has not got.
  HTMLDialogElement.prototype.showModal = vi.fn();
  HTMLDialogElement.prototype.close = vi.fn();
  onOuter.mockReset();
  onInner.mockReset();
  container = document.body.appendChild(document.createElement("div"));
  root = createRoot(container);
  show(
    <Dialog title="Outer" closeLabel="Close" onClose={onOuter}>
      <input type="file" />
      <Dialog title="Inner" closeLabel="Close" onClose={onInner}>
        Inside
      </Dialog>
    </Dialog>,
  );
});

afterEach(() => {
  act(() => root.unmount());
  container.remove();
});

describe("a dialog", () => {
  it("is closed by its owner when the browser would close it", () => {
    expect(cancel("dialog", false)).toBe(true);
    expect(onOuter).toHaveBeenCalledOnce();
  });

  it("stays open when a dialog within it is closed", () => {
    cancel("dialog dialog", false);
    expect([onInner.mock.calls.length, onOuter.mock.calls.length]).toEqual([1, 0]);
  });

  it("stays open when nothing was chosen in an input within it", () => {
    cancel("input", true);
    expect(onOuter).not.toHaveBeenCalled();
  });
});
