import { act } from "react";
import { beforeEach, expect, it, vi } from "vitest";

import { ViewBench } from "../../lib/viewBench.fixture";
import type { ChatClient } from "../../realtime/types";
import { ChatClientProvider } from "../session";
import { PictureButton } from "./PictureButton";

const onChoose = vi.fn();
const photo = new File(["x"], "a.jpg", { type: "image/jpeg" });
const view = new ViewBench();

beforeEach(() => {
  onChoose.mockReset();
});

/** In a dialog, with something beside it. */
function show(hindrance: string | null): void {
  view.show(
    <ChatClientProvider client={{} as ChatClient}>
      <dialog open>
        <p>Beside</p>
        <PictureButton hindrance={hindrance} onChoose={onChoose} onRemove={null}>
          picture
        </PictureButton>
      </dialog>
    </ChatClientProvider>,
  );
}

/** Holds something over an element, and drops it there. Returns what the page said to both: null is the browser's own way. */
function drop(selector: string, types = ["Files"]): (string | null)[] {
  return ["dragover", "drop"].map((name) => {
    const dataTransfer = { types, files: [photo], dropEffect: "copy" };
    const event = Object.assign(new Event(name, { bubbles: true, cancelable: true }), { dataTransfer });
    act(() => void view.container.querySelector(selector)!.dispatchEvent(event));
    return event.defaultPrevented ? dataTransfer.dropEffect : null;
  });
}

it("takes what is dropped onto it", () => {
  show(null);
  expect(drop("button")).toEqual(["copy", "copy"]);
  expect(onChoose.mock.calls).toEqual([[photo]]);
});

it("takes nothing while it is hindered, and no file takes the place of the page", () => {
  show("You are offline.");
  expect(drop("button")).toEqual(["none", "none"]);
  expect(onChoose).not.toHaveBeenCalled();
});

it("stands in a page that no file takes the place of, as long as the chat is shown", () => {
  show(null);
  expect(drop("p")).toEqual(["none", "none"]);
  expect(drop("p", ["text/plain"])).toEqual([null, null]);
  view.show(<p />);
  expect(drop("p")).toEqual([null, null]);
});
