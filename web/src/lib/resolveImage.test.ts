import { describe, expect, it } from "vitest";

import { resolveImage } from "./resolveImage";

const server = "https://chat.example.com";

describe("the address of a picture", () => {
  it.each([
    ["/demo/avatars/maya.svg", "https://chat.example.com/demo/avatars/maya.svg"],
    ["demo/avatars/maya.svg", "https://chat.example.com/demo/avatars/maya.svg"],
    ["https://cdn.example.com/maya.png", "https://cdn.example.com/maya.png"],
    ["//cdn.example.com/maya.png", "https://cdn.example.com/maya.png"],
    ["https://:bad", null],
  ])("%s leads to %s on a host's page", (image, address) => {
    expect(resolveImage(image, server)).toBe(address);
  });

  it("stays as it is on the server's own page", () => {
    expect(resolveImage("/demo/avatars/maya.svg", "")).toBe("/demo/avatars/maya.svg");
  });
});
