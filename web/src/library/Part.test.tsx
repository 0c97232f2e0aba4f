import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { Part } from "./Part";

let root: Root;
let page: HTMLElement;
let isBroken = true;

function Fragile() {
  if (isBroken) throw new Error("A fault in a view.");
  return <p>messages</p>;
}

beforeEach(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  vi.spyOn(console, "error").mockImplementation(() => undefined); // React tells of each fault that is caught
  page = document.createElement("div");
  root = createRoot(page);
});

afterEach(() => {
  act(() => root.unmount());
  vi.restoreAllMocks();
});

test("a fault in a part is said in its place, and can be tried again; the host's page goes on", () => {
  isBroken = true;
  act(() =>
    root.render(
      <>
        <h1>Host</h1>
        <Part name="conversation">
          <Fragile />
        </Part>
      </>,
    ),
  );
  expect(page.querySelector("h1")?.textContent).toBe("Host");
  expect(page.querySelector(".hc-part--conversation [role=alert]")?.textContent).toContain("Something went wrong");
  isBroken = false;
  act(() => page.querySelector("button")?.click());
  expect(page.querySelector(".hc-part--conversation")?.textContent).toBe("messages");
});
