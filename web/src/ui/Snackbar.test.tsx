import { act } from "react";
import { beforeEach, expect, it } from "vitest";

import { ViewBench } from "../lib/viewBench.fixture";
import { say, snack } from "./snacks";
import { Snackbar } from "./Snackbar";

const view = new ViewBench();

beforeEach(() => snack.set(null));

const show = (...keys: string[]): void => view.show(keys.map((key) => <Snackbar key={key} />));

it("says it once, however many places on the page could", () => {
  show("list", "conversation");
  act(() => say("Conversation archived"));
  expect(view.container.textContent).toBe("Conversation archived");
});

it("says it in another place when the one that did is gone", () => {
  show("conversation", "list");
  show("list");
  act(() => say("Conversation archived"));
  expect(view.container.textContent).toBe("Conversation archived");
  show("list", "another conversation");
  expect(view.container.textContent).toBe("Conversation archived");
});
