import { afterEach, describe, expect, it, vi } from "vitest";

import { isBehindDialog, isShortcut } from "./shortcuts";

/** A part of the page with a field and a dialog with a field of its own, and who hears of keys there. */
function setUp() {
  const make = <Name extends keyof HTMLElementTagNameMap>(name: Name, id: string, ...children: HTMLElement[]) => {
    const element = Object.assign(document.createElement(name), { id });
    element.append(...children);
    return element;
  };
  const dialog = make("dialog", "dialog", make("div", "part", make("input", "within")));
  document.body.append(make("main", "main", make("input", "field"), dialog));
  const find = (selector: string) => document.querySelector<HTMLElement>(selector)!;
  const listen = (listener: EventTarget, hear: (event: KeyboardEvent) => boolean) => {
    const heard: boolean[] = [];
    listener.addEventListener("keydown", (event) => heard.push(hear(event as KeyboardEvent)));
    return heard;
  };
  const press = (selector: string, keys: KeyboardEventInit = { key: "f", ctrlKey: true }) =>
    find(selector).dispatchEvent(new KeyboardEvent("keydown", { bubbles: true, ...keys }));
  return { find, dialog, listen, press };
}

afterEach(() => {
  document.body.replaceChildren();
});

describe("a shortcut", () => {
  it("is the letter with the key of the system, and no other", () => {
    const { listen, press, find } = setUp();
    const heard = listen(find("main"), (event) => isShortcut(event, "f"));
    const shifted = listen(find("main"), (event) => isShortcut(event, "f", true));
    press("#field");
    press("#field", { key: "F", ctrlKey: true, shiftKey: true });
    press("#field", { key: "f" });
    press("#field", { key: "g", ctrlKey: true });
    press("#field", { key: "f", ctrlKey: true, altKey: true });
    expect(heard).toEqual([true, false, false, false, false]);
    expect(shifted).toEqual([false, true, false, false, false]);
  });

  it("does nothing in the page, or in the part of it where a dialog is drawn, while that is open", () => {
    const { dialog, listen, press, find } = setUp();
    const all = [document.body.ownerDocument, find("main")].map((place) =>
      listen(place, (event) => isShortcut(event, "f")),
    );
    dialog.showModal();
    press("#within");
    press("main"); // as when nothing of the dialog has the focus
    dialog.close();
    press("#field");
    expect(all).toEqual([
      [false, false, true],
      [false, false, true],
    ]);
  });

  it("does what it does to what is in the dialog", () => {
    const { dialog, listen, press, find } = setUp();
    const heard = listen(find("#part"), (event) => isShortcut(event, "f"));
    dialog.showModal();
    press("#within");
    expect(heard).toEqual([true]);
  });
});

describe("a key that closes a dialog", () => {
  it("does nothing else to the page behind it", () => {
    const { dialog, listen, press } = setUp();
    const close = vi.fn(() => dialog.remove());
    dialog.addEventListener("keydown", close);
    dialog.showModal();
    const heard = listen(document, isBehindDialog);
    press("#within", { key: "Escape" });
    expect([close.mock.calls.length, heard]).toEqual([1, [true]]);
  });
});
