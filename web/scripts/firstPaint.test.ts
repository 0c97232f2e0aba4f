import { expect, it } from "vitest";

import { hastenFirstPaint } from "./firstPaint.ts";

it("links one small sheet before what is painted first, and all others behind it", () => {
  const page = `<head><title>Chat</title><link rel="stylesheet" crossorigin href="/assets/a.css"></head><body><div id="root">Chat</div></body>`;
  const hastened = hastenFirstPaint(page, "/assets/first-paint-1.css");
  const order = ["first-paint-1.css", "</head>", 'id="root"', "/assets/a.css", "</body>"];
  expect([...order].sort((one, other) => hastened.indexOf(one) - hastened.indexOf(other))).toEqual(order);
});
