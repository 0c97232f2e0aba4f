import { expect, it } from "vitest";

import { isPage, mayBePage } from "./addresses";

it.each(["/console", "/console/", "/console/reports"])(
  "leaves %s to the server: the console is no page of the app",
  (path) => {
    expect(isPage(path)).toBe(false);
    expect(mayBePage(path)).toBe(false);
  },
);

it("takes what only begins like the console for an address where there may be a page", () => {
  expect(mayBePage("/consoles")).toBe(true);
});
