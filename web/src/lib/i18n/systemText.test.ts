// @vitest-environment node
import { describe, expect, test } from "vitest";
import { describeSystem, type Reader } from "./systemText";

const NAMES: Readonly<Record<string, string>> = { ana: "Ana", ben: "Ben", cem: "Cem", dora: "Dora", eva: "Eva" };

function say(metadata: Readonly<Record<string, unknown>> | null, locale: "en" | "es" = "en", myId = "me") {
  const reader: Reader = { myId, nameOf: (id) => NAMES[id], locale };
  return describeSystem(metadata, reader)?.replace(/[\u2068\u2069]/g, "");
}
const event = (name: string, actorId: string, userIds: readonly string[] = [], more = {}) => {
  return { event: name, actorId, userIds, title: null, ...more };
};

describe("a message of the system", () => {
  test.each([
    [
      event("created", "ana", ["ben"], { title: "Launch" }),
      "Ana created the group “Launch”",
      "Ana creó el grupo «Launch»",
    ],
    [event("added", "ana", ["ben", "cem"]), "Ana added Ben and Cem", "Ana añadió a Ben y Cem"],
    [event("added", "ana", ["me"]), "Ana added you", "Ana te añadió"],
    [event("removed", "me", ["ben"]), "You removed Ben", "Quitaste a Ben"],
    [event("left", "ben", ["ben"]), "Ben left the group", "Ben dejó el grupo"],
    [event("renamed", "me", [], { title: "Go" }), "You named the group “Go”", "Llamaste al grupo «Go»"],
    [event("role_changed", "ana", ["me"], { role: "admin" }), "You are now an admin", "Ahora administras el grupo"],
    [
      event("role_changed", "ana", ["ben"], { role: "owner" }),
      "Ben now owns the group",
      "Ben es ahora dueño del grupo",
    ],
    [event("avatar_changed", "ana"), "Ana changed the picture of the group", "Ana cambió la foto del grupo"],
  ])("is in the reader's language, and about the reader where it is: %o", (metadata, english, spanish) => {
    expect([say(metadata), say(metadata, "es")]).toEqual([english, spanish]);
  });

  test("names three people and counts the others, the reader last", () => {
    expect(say(event("added", "ana", ["me", "ben", "cem", "dora"]))).toBe("Ana added Ben, Cem, Dora, and you");
    expect(say(event("added", "ana", ["ben", "cem", "dora", "eva", "x"]))).toBe(
      "Ana added Ben, Cem, Dora, and 2 others",
    );
  });

  test("names nobody whose name is not known", () => {
    expect(say(event("removed", "ana", ["gone"]))).toBe("Ana removed somebody");
  });

  test.each([null, {}, event("exploded", "ana"), { event: "added", actorId: 5, userIds: [] }])(
    "is left to the server's words when it is not understood: %o",
    (metadata) => expect(say(metadata)).toBeUndefined(),
  );
});
