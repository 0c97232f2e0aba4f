import type { Rolldown } from "vite";
import { describe, expect, it } from "vitest";
import { firstLoadChunks } from "./checkFirstLoad";

function chunk(fileName: string, parts: Partial<Rolldown.OutputChunk> = {}): Rolldown.OutputChunk {
  return { type: "chunk", fileName, isEntry: false, imports: [], dynamicImports: [], ...parts } as Rolldown.OutputChunk;
}

describe("the first load", () => {
  it("is the entry and all that it imports at once, however far away, and each only once", () => {
    const bundle = {
      entry: chunk("entry.js", { isEntry: true, imports: ["packages.js", "shared.js"], dynamicImports: ["later.js"] }),
      packages: chunk("packages.js", { imports: ["runtime.js"] }),
      shared: chunk("shared.js", { imports: ["runtime.js", "packages.js"] }),
      runtime: chunk("runtime.js"),
      later: chunk("later.js", { imports: ["only-later.js"] }),
      onlyLater: chunk("only-later.js"),
    };
    const names = firstLoadChunks(bundle as unknown as Rolldown.OutputBundle).map(({ fileName }) => fileName);
    expect(names.sort()).toEqual(["entry.js", "packages.js", "runtime.js", "shared.js"]);
  });
});
