// @vitest-environment node
import { IDBFactory } from "fake-indexeddb";
import { beforeEach, describe, expect, test } from "vitest";
import { accountOfToken, KnownPeople } from "./account";
import { JUNIPER, MAYA } from "./testing/samples";

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

function jwt(claims: object, signature = "signature"): string {
  return `header.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.${signature}`;
}

describe("an account", () => {
  test("is the same for a fresh token of the same person, and another for another's", async () => {
    const mine = await accountOfToken(jwt({ iss: "i", sub: "me", exp: 1 }));
    expect(await accountOfToken(jwt({ iss: "i", sub: "me", exp: 2 }, "other"))).toBe(mine);
    expect(await accountOfToken(jwt({ iss: "i", sub: "you", exp: 1 }))).not.toBe(mine);
    expect(await accountOfToken(jwt({ iss: "j", sub: "me", exp: 1 }))).not.toBe(mine);
  });

  test("does not give away a token that is not a JWT", async () => {
    const account = await accountOfToken("dev-token-maya@demo.hyred.example");
    expect(account).toMatch(/^sha [0-9a-f]{64}$/);
    expect(await accountOfToken("dev-token-juniper@demo.hyred.example")).not.toBe(account);
  });

  test("is known again on the same server until it is forgotten", async () => {
    const people = new KnownPeople("http://one");
    await people.keep("a", MAYA);
    await people.keep("b", JUNIPER);
    expect(await people.find("a")).toEqual(MAYA);
    expect(await new KnownPeople("http://two").find("a")).toBeNull();
    await people.forget("a");
    expect([await people.find("a"), await people.find("b")]).toEqual([null, JUNIPER]);
  });
});
