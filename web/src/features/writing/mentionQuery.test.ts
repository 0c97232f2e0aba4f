import { describe, expect, it } from "vitest";
import { findNamed, mentionQueryAt } from "./mentionQuery";

const people = ["Ana Ruiz", "José Ortega", "Mariana Díaz", "山田太郎", "Ana Lee"].map((name) => ({ id: name, name }));
const ask = (text: string) => mentionQueryAt(text, text.length)?.text ?? null;
const find = (query: string) => findNamed(people, query).map(({ name }) => name);

describe("mentionQueryAt", () => {
  it("is what was typed behind an @", () => {
    expect([ask("@"), ask("Hi @an"), ask("(@Ana R"), ask("one\n@jo")]).toEqual(["", "an", "Ana R", "jo"]);
    expect(mentionQueryAt("Hi @an, bye", 6)).toEqual({ start: 3, text: "an" });
  });

  it("is none in addresses, behind a space or line, and far away", () => {
    const texts = ["", "Hi", "me@an", "me.@an", "a/@an", "@ an", "@an\n", `@${"a".repeat(60)}`];
    expect(texts.map(ask)).toEqual(texts.map(() => null));
    expect(mentionQueryAt("@an", 0)).toBeNull();
  });
});

describe("findNamed", () => {
  it("finds by the beginning of any word, without accents and case, names that begin so first", () => {
    expect(find("jose")).toEqual(["José Ortega"]);
    expect(find("an")).toEqual(["Ana Ruiz", "Ana Lee"]);
    expect(find("D")).toEqual(["Mariana Díaz"]);
    expect(find("太")).toEqual(["山田太郎"]);
    expect(find("")).toHaveLength(5);
  });

  it("finds nobody for a name that is there already, and for what no name goes on with", () => {
    expect([find("Ana Ruiz"), find("Ana Ruiz "), find("Ana Ruiz can"), find(",")]).toEqual([[], [], [], []]);
  });

  it("leaves the choice between two of one name", () => {
    const twins = ["1", "2"].map((id) => ({ id, name: "Ana" }));
    expect(findNamed(twins, "Ana")).toHaveLength(2);
    expect(findNamed(twins, "Ana ")).toEqual([]);
  });
});
