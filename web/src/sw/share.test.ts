// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { isShare, receiveShare } from "./share";
import { dropShared, keepShared, readShared } from "../lib/storage/shared";

/** The part of the Cache API that is used. */
class FakeCaches {
  readonly all = new Map<string, Map<string, Response>>();
  readonly has = (name: string) => Promise.resolve(this.all.has(name));
  readonly delete = (name: string) => Promise.resolve(this.all.delete(name));
  readonly open = (name: string) => {
    const kept = this.all.get(name) ?? new Map<string, Response>();
    this.all.set(name, kept);
    return Promise.resolve({
      match: (path: string) => Promise.resolve(kept.get(path)?.clone()),
      put: (path: string, answer: Response) => Promise.resolve(void kept.set(path, answer)),
    });
  };
}

function formOf(files: readonly File[], words: Readonly<Record<string, string>> = {}): FormData {
  const form = new FormData();
  for (const file of files) form.append("files", file);
  for (const [name, text] of Object.entries(words)) form.append(name, text);
  return form;
}

const file = (name: string, content = "a", type = "text/plain") => new File([content], name, { type });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.stubGlobal("caches", new FakeCaches());
});
afterEach(() => {
  vi.useRealTimers();
});

describe("what is shared", () => {
  it("is there with names, types and words until it is dropped", async () => {
    await keepShared(
      formOf([file("Año 1.txt", "hello"), file("b", "b", "")], { text: " Hi ", url: "https://a.example" }),
    );
    const found = await readShared();
    expect(found).toMatchObject({ text: "Hi\nhttps://a.example", leftOut: 0 });
    expect(found?.files.map(({ name, type }) => [name, type])).toEqual([
      ["Año 1.txt", "text/plain"],
      ["b", "application/octet-stream"],
    ]);
    expect(await found?.files[0]?.text()).toBe("hello");
    await dropShared();
    expect(await readShared()).toBeNull();
  });

  it("is ten files at most, and the words once", async () => {
    const words = { title: "A plan", text: "A plan" };
    await keepShared(
      formOf(
        Array.from({ length: 12 }, (_, index) => file(`${index}.txt`)),
        words,
      ),
    );
    expect(await readShared()).toMatchObject({ text: "A plan", leftOut: 2, files: { length: 10 } });
  });

  it("takes the place of what was shared before", async () => {
    await keepShared(formOf([file("a.txt"), file("b.txt")]));
    await keepShared(formOf([file("c.txt")]));
    expect((await readShared())?.files.map(({ name }) => name)).toEqual(["c.txt"]);
  });

  it("is forgotten when nobody has wanted it for an hour", async () => {
    await keepShared(formOf([file("a.txt")]));
    vi.advanceTimersByTime(60 * 60_000 + 1);
    expect(await readShared()).toBeNull();
  });
});

describe("the service worker", () => {
  it("takes a share, and leads to the app", async () => {
    expect([isShare("POST", "/share"), isShare("GET", "/share"), isShare("POST", "/api/share")]).toEqual([
      true,
      false,
      false,
    ]);
    vi.spyOn(Response, "redirect").mockImplementation((url, status) => Response.json({ url, status }));
    const request = new Request("https://chat.example/share", { method: "POST", body: formOf([file("a.txt")]) });
    expect(await (await receiveShare(request)).json()).toEqual({ url: "/chat", status: 303 });
    expect((await readShared())?.files).toHaveLength(1);
  });

  it("leads to the app, too, where a share cannot be read", async () => {
    vi.spyOn(console, "warn").mockImplementation(() => undefined);
    vi.spyOn(Response, "redirect").mockImplementation((url, status) => Response.json({ url, status }));
    const request = new Request("https://chat.example/share", { method: "POST", body: "no form" });
    expect(await (await receiveShare(request)).json()).toEqual({ url: "/chat", status: 303 });
    expect(await readShared()).toBeNull();
  });
});
