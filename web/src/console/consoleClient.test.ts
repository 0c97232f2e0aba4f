import { describe, expect, it, vi } from "vitest";

import { createConsoleClient } from "./consoleClient";

const SAM = { id: "sam", name: "Sam", avatar: null, role: "admin" };

function refusal(code: string): Response {
  return Response.json({ success: false, error: "No.", code });
}

/** A client of a server that answers by path. */
function clientOf(answers: Readonly<Record<string, () => Response>>) {
  const onSignedOut = vi.fn<(reason: string) => void>();
  vi.stubGlobal("fetch", (path: string) => Promise.resolve(answers[path]?.() ?? refusal("not_found")));
  const client = createConsoleClient({ serverUrl: "", getToken: () => Promise.resolve("token"), onSignedOut });
  return { client, onSignedOut };
}

describe("the console's client", () => {
  it.each(["unauthenticated", "token_expired", "user_not_found"])(
    "ends the session when a token is %s",
    async (code) => {
      const { client, onSignedOut } = clientOf({ "/api/admin/audit": () => refusal(code) });
      await expect(client.request("/api/admin/audit")).rejects.toMatchObject({ code });
      expect(onSignedOut).toHaveBeenCalledWith(code);
    },
  );

  it("goes on after any other refusal", async () => {
    const { client, onSignedOut } = clientOf({});
    await expect(client.request("/api/admin/reports/none")).rejects.toMatchObject({ code: "not_found" });
    expect(onSignedOut).not.toHaveBeenCalled();
  });

  it("asks who this is once something is denied: the role may have changed", async () => {
    let role = "admin";
    const { client } = clientOf({
      "/api/users/me": () => Response.json({ success: true, data: { ...SAM, role } }),
      "/api/admin/audit": () => refusal("access_denied"),
    });
    await client.identify();
    expect(client.me.getSnapshot()?.role).toBe("admin");
    role = "va";
    await expect(client.request("/api/admin/audit")).rejects.toMatchObject({ code: "access_denied" });
    await vi.waitFor(() => expect(client.me.getSnapshot()?.role).toBe("va"));
  });
});
