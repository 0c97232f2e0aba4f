import { describe, expect, it } from "vitest";

import { readAppConfig } from "./appConfig";

describe("readAppConfig", () => {
  it("takes what is well formed", () => {
    const person = { name: "Maya", role: "va", title: "Calm", avatar: "/a.svg", token: "t" };
    const firebase = { projectId: "p", apiKey: "k", accountsUrl: "https://a.example", tokenUrl: "https://t.example" };
    const { projectId, ...kept } = firebase;
    const pages = { jobUrl: "https://www.example.com/jobs/{id}", contractUrl: "https://www.example.com/c?id={id}" };
    const config = readAppConfig({
      demoPeople: [person],
      firebase,
      maxMessageChars: 500,
      ...pages,
      groups: "companies",
      more: projectId,
    });
    expect(config).toEqual({
      demoPeople: [person],
      firebase: kept,
      maxMessageChars: 500,
      groups: "companies",
      ...pages,
    });
  });

  it.each([null, "x", {}, { demoPeople: [{ name: 1 }, null], firebase: { apiKey: "k" }, jobUrl: 1, contractUrl: [] }])(
    "does without in %o",
    (settings) => {
      expect(readAppConfig(settings)).toEqual({
        demoPeople: [],
        firebase: null,
        maxMessageChars: 1000,
        groups: "nobody",
        jobUrl: null,
        contractUrl: null,
      });
    },
  );
});
