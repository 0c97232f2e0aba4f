import { act } from "react";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { ViewBench } from "../lib/viewBench.fixture";
import { Dialog } from "./Dialog";

const view = new ViewBench();
const onOuter = vi.fn();
const onInner = vi.fn();

/** As the browser asks whether it may close something, or says that no file was chosen. Returns whether that was refused. */
function cancel(selector: string, bubbles: boolean): boolean {
  const event = new Event("cancel", { bubbles, cancelable: true });
  act(() => void view.container.querySelector(selector)?.dispatchEvent(event));
  return event.defaultPrevented;
}

beforeEach(() => {
  // What jsdom has not got.
  HTMLDialogElement.prototype.showModal = vi.fn();
  HTMLDialogElement.prototype.close = vi.fn();
  onOuter.mockReset();
  onInner.mockReset();
  view.show(
    <Dialog title="Outer" closeLabel="Close" onClose={onOuter}>
      <input type="file" />
      <Dialog title="Inner" closeLabel="Close" onClose={onInner}>
        Inside
      </Dialog>
    </Dialog>,
  );
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
