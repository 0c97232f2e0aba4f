import { describe, expect, it } from "vitest";
import { mentionedIn, splitMentions } from "./mentions";

const ann = { id: "ann", name: "Ann" };
const annLee = { id: "annLee", name: "Ann Lee" };
const jose = { id: "jose", name: "José" };
const yamada = { id: "yamada", name: "山田" };
const people = [ann, annLee, jose, yamada];

const named = (text: string) => splitMentions(text, people).flatMap(({ person }) => person?.id ?? []);

describe("splitMentions", () => {
  it("finds names behind an @, the longest that stands there", () => {
    expect(named("@Ann and @Ann Lee, (@José)")).toEqual(["ann", "annLee", "jose"]);
  });

  it("finds them where no space follows: before punctuation, and in scripts without spaces", () => {
    expect(named("@Ann's, @Ann! @山田さん")).toEqual(["ann", "ann", "yamada"]);
  });

  it("finds nobody in addresses, in longer names, and in names of nobody here", () => {
    expect(named("me@Ann.example x.@Ann https://a.example/@Ann @@Ann @Anna @Bo @ Ann @")).toEqual([]);
  });

  it("leaves the text as it was", () => {
    const text = "Hi @Ann Lee, ask@Ann or @José";
    expect(
      splitMentions(text, people)
        .map((segment) => segment.text)
        .join(""),
    ).toBe(text);
  });
});

describe("mentionedIn", () => {
  it("tells each person once, and of several of one name those who were chosen, or all", () => {
    const twin = { id: "twin", name: "Ann" };
    expect(mentionedIn("@Ann @Ann", people)).toEqual(["ann"]);
    expect(mentionedIn("@Ann", [ann, twin], ["twin"])).toEqual(["twin"]);
    expect(mentionedIn("@Ann", [ann, twin], ["annLee"])).toEqual(["ann", "twin"]);
    expect(mentionedIn("Ann", people, ["ann"])).toEqual([]);
  });
});
