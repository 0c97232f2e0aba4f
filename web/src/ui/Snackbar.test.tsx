import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { say, snack } from "./snacks";
import { Snackbar } from "./Snackbar";

let root: Root;
let page: HTMLElement;

beforeEach(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  page = document.createElement("div");
  root = createRoot(page);
});

afterEach(() => {
  act(() => root.unmount());
  snack.set(null);
});

const show = (...keys: string[]): void => act(() => root.render(keys.map((key) => <Snackbar key={key} />)));

it("says it once, however many places on the page could", () => {
  show("list", "conversation");
  act(() => say("Conversation archived"));
  expect(page.textContent).toBe("Conversation archived");
});

it("says it in another place when the one that did is gone", () => {
  show("conversation", "list");
  show("list");
  act(() => say("Conversation archived"));
  expect(page.textContent).toBe("Conversation archived");
  show("list", "another conversation");
  expect(page.textContent).toBe("Conversation archived");
});
