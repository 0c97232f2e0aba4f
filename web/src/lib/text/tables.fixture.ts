/** The tables of text that the server's tests read, too: `tests/tables/README.md` says what they mean. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";

export function readTable(name: string): unknown {
  const path = resolve(import.meta.dirname, "../../../../tests/tables", `${name}.json`);
  return JSON.parse(readFileSync(path, "utf8"));
}
