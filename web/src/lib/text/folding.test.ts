import { describe, expect, it } from "vitest";
import { isFound } from "./folding";
import { readTable } from "./tables.fixture";

interface Row {
  readonly kind: string;
  readonly query: string;
  readonly name: string;
  readonly found: boolean;
}

describe("isFound", () => {
  it.each(readTable("folding") as readonly Row[])("finds as the server does: $kind, $query in $name: $found", (row) => {
    expect(isFound(row.name, row.query)).toBe(row.found);
  });
});
