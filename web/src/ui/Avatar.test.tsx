import { act } from "react";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { ViewBench } from "../lib/viewBench.fixture";
import { Avatar, colorIndex, initialsOf } from "./Avatar";
import { PictureContext, type TellOfPicture } from "./imageBase";

describe("initialsOf", () => {
  it.each([
    ["Maya Santos", "MS"],
    ["María del Mar Ñúñez", "MÑ"],
    ["Acme (demo)", "A"],
    ["juniper & pine", "JP"],
    ["@dev", "D"],
    ["李 小龙", "李小"],
    ["🙂", "?"],
    ["", "?"],
  ])("makes of %s %s", (name, expected) => {
    expect(initialsOf(name)).toBe(expected);
  });
});

describe("colorIndex", () => {
  it("is the same for the same key, and one of the eight", () => {
    const colors = Array.from({ length: 200 }, (_, index) => colorIndex(`user-${index}`));
    expect(colorIndex("user-7")).toBe(colors[7]);
    expect(new Set(colors)).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7]));
  });
});

describe("a picture whose address ends", () => {
  const at = (until: number, file = "f1") => `/api/chat/files/${file}/preview?user=me&until=${until}&signature=x`;
  const tell = vi.fn<TellOfPicture>();
  const view = new ViewBench();

  beforeEach(() => {
    tell.mockReset();
    tell.mockResolvedValue(null);
  });

  function show(image: string | null): void {
    view.show(
      <PictureContext value={tell}>
        <Avatar name="Spring Campaign" image={image} />
      </PictureContext>,
    );
  }
  async function happen(event: "load" | "error"): Promise<void> {
    await act(async () => {
      view.container.querySelector("img")?.dispatchEvent(new Event(event));
      await Promise.resolve();
    });
  }
  const shown = () => view.container.querySelector("img")?.getAttribute("src") ?? "letters";

  it("is not loaded again by the next address of the same", async () => {
    show(at(1));
    await happen("load");
    show(at(2));
    expect(shown()).toBe(at(1));
    show(at(2, "f2"));
    expect(shown()).toBe(at(2, "f2"));
    show(null);
    expect(shown()).toBe("letters");
  });

  it("gives way to letters when it fails, until there is another address", async () => {
    show(at(1));
    await happen("error");
    expect([shown(), tell.mock.calls]).toEqual(["letters", [[at(1), false]]]);
    show(at(2));
    expect(shown()).toBe(at(2));
  });

  it("is shown as it was kept, and given up when that fails, too", async () => {
    tell.mockResolvedValue("blob:kept");
    show(at(1));
    await happen("error");
    expect(shown()).toBe("blob:kept");
    await happen("error");
    expect([shown(), tell.mock.calls.length]).toEqual(["letters", 1]);
  });

  it("of a host is another one by another address, whatever is behind its question mark", () => {
    show("https://host.example/a.png?v=1");
    show("https://host.example/a.png?v=2");
    expect(shown()).toBe("https://host.example/a.png?v=2");
  });
});
