import { act, useState, type ReactNode } from "react";
import { beforeEach, describe, expect, it } from "vitest";

import { ViewBench } from "../lib/viewBench.fixture";
import { limitInput } from "./limitInput";

const FAMILY = "👨‍👩‍👧";
const MOST = 6;

const view = new ViewBench();

function Note(): ReactNode {
  const [text, setText] = useState("");
  return <textarea value={text} onChange={(event) => setText(limitInput(event.target, MOST))} />;
}

/** As somebody types or pastes at the caret. What is set by the field's own property is no input for React. */
function type(text: string): void {
  const area = view.container.querySelector("textarea")!;
  const { value, selectionStart, selectionEnd } = area;
  const caret = selectionStart + text.length;
  act(() => {
    Reflect.set(
      HTMLTextAreaElement.prototype,
      "value",
      value.slice(0, selectionStart) + text + value.slice(selectionEnd),
      area,
    );
    area.setSelectionRange(caret, caret);
    area.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

/** The text of the field, with the caret as a bar. */
function shown(): string {
  const { value, selectionStart } = view.container.querySelector("textarea")!;
  return `${value.slice(0, selectionStart)}|${value.slice(selectionStart)}`;
}

function moveTo(position: number): void {
  view.container.querySelector("textarea")!.setSelectionRange(position, position);
}

describe("a field with a limit", () => {
  beforeEach(() => view.show(<Note />));

  it("takes as many code points as it may have, and no more", () => {
    type("😀😀😀😀😀😀");
    expect(shown()).toBe("😀😀😀😀😀😀|");
    type("a");
    expect(shown()).toBe("😀😀😀😀😀😀|");
  });

  it("takes an emoji of several code points as a whole or not at all", () => {
    type(`ab${FAMILY}`);
    expect(shown()).toBe("ab|");
    type(`c${FAMILY}`);
    expect(shown()).toBe("abc|");
  });

  it("cuts what is put in, and keeps what stands behind the caret", () => {
    type("abcd");
    moveTo(1);
    type(`x${FAMILY}`);
    expect(shown()).toBe("ax|bcd");
    type("yz");
    expect(shown()).toBe("axy|bcd");
    type("z");
    expect(shown()).toBe("axy|bcd");
  });
});
