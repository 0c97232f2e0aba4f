import { describe, expect, it } from "vitest";
import { modulesOfFirstLoad } from "./firstLoadModules";

const imports: Readonly<Record<string, readonly string[]>> = {
  "main.ts": ["app.ts", "text.ts"],
  "app.ts": ["text.ts", "main.ts"],
  "text.ts": [],
  "later.ts": ["app.ts", "only-later.ts"],
  "only-later.ts": [],
};

describe("the modules of the first load", () => {
  it("are those that the entry imports statically, without the entry and without what is loaded later", () => {
    const graph = { getModuleInfo: (id: string) => ({ importedIds: imports[id] ?? [] }) };
    expect(modulesOfFirstLoad("main.ts", graph)).toEqual(new Set(["app.ts", "text.ts"]));
  });
});
