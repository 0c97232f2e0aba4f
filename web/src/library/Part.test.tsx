import { act } from "react";
import { beforeEach, expect, test, vi } from "vitest";

import { ViewBench } from "../lib/viewBench.fixture";
import { Part } from "./Part";

const view = new ViewBench();
let isBroken = true;

function Fragile() {
  if (isBroken) throw new Error("A fault in a view.");
  return <p>messages</p>;
}

beforeEach(() => {
  vi.spyOn(console, "error").mockImplementation(() => undefined); // React tells of each fault that is caught
});

test("a fault in a part is said in its place, and can be tried again; the host's page goes on", () => {
  isBroken = true;
  view.show(
    <>
      <h1>Host</h1>
      <Part name="conversation">
        <Fragile />
      </Part>
    </>,
  );
  expect(view.container.querySelector("h1")?.textContent).toBe("Host");
  const failure = view.container.querySelector(".hc-part--conversation [role=alert]");
  expect(failure?.textContent).toContain("Something went wrong");
  isBroken = false;
  act(() => view.container.querySelector("button")?.click());
  expect(view.container.querySelector(".hc-part--conversation")?.textContent).toBe("messages");
});
