import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act } from "react";
import { createRoot } from "react-dom/client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { ChatError } from "../../lib/api/chatError";
import { WritableStore } from "../../lib/store";
import type { ChatClient, NotificationPreferences, PreferenceRequests } from "../../realtime/types";
import { ChatClientProvider } from "../session";
import { useChoice, usePreferences, type ChoiceMaker } from "./usePreferences";

const stored: NotificationPreferences = { types: {}, quietHours: null, timeZone: null, preview: true, mutedRooms: {} };

let shown: NotificationPreferences | null;
let maker: ChoiceMaker;
let finish: () => void;

function Probe() {
  shown = usePreferences().preferences;
  maker = useChoice();
  return null;
}

const requests = {
  getPreferences: vi.fn<PreferenceRequests["getPreferences"]>(),
  putPreferences: vi.fn<PreferenceRequests["putPreferences"]>(),
  muteRoom: vi.fn<PreferenceRequests["muteRoom"]>(),
};

/** An answer of the server that a test gives when it is time. */
function createAnswer() {
  let resolve: (stored: NotificationPreferences) => void = () => undefined;
  let reject: (cause: Error) => void = () => undefined;
  const promise = new Promise<NotificationPreferences>((onAnswer, onRefusal) => {
    resolve = onAnswer;
    reject = onRefusal;
  });
  return { promise, resolve, reject };
}

const until = (check: () => void) => act(() => vi.waitFor(check, { interval: 1 }));

beforeEach(async () => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  requests.getPreferences.mockReset().mockResolvedValue(stored);
  requests.putPreferences.mockReset();
  requests.muteRoom.mockReset().mockImplementation((_, mutedUntil) => Promise.resolve(mutedUntil));
  const client = { me: new WritableStore({ id: "maya" }), preferences: requests } as unknown as ChatClient;
  const root = createRoot(document.createElement("div"));
  act(() =>
    root.render(
      <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { networkMode: "always" } } })}>
        <ChatClientProvider client={client}>
          <Probe />
        </ChatClientProvider>
      </QueryClientProvider>,
    ),
  );
  finish = () => act(() => root.unmount());
  await until(() => expect(shown).toEqual(stored));
});

afterEach(() => finish());

describe("a choice", () => {
  it("is shown at once, and stays as the server has stored it", async () => {
    const answer = createAnswer();
    requests.putPreferences.mockReturnValue(answer.promise);
    act(() => maker.choose({ kind: "change", change: { preview: false } }));
    await until(() => expect(shown?.preview).toBe(false));
    expect(maker.state).toBe("saving");
    answer.resolve({ ...stored, preview: false, timeZone: "UTC" });
    await until(() => expect(maker.state).toBe("saved"));
    expect(shown).toEqual({ ...stored, preview: false, timeZone: "UTC" });
  });

  it("is taken back when it is refused, and those beside it are not", async () => {
    const answer = createAnswer();
    requests.putPreferences.mockReturnValue(answer.promise);
    act(() => maker.choose({ kind: "change", change: { preview: false } }));
    act(() => maker.choose({ kind: "mute", roomId: "r", until: "9999-01-01T00:00:00.000Z" }));
    await until(() => expect(shown).toMatchObject({ preview: false, mutedRooms: { r: expect.any(String) as string } }));
    answer.reject(new ChatError("unavailable", "Try again."));
    await until(() => expect(maker.state).toBe("saved"));
    expect(shown).toMatchObject({ preview: true, mutedRooms: { r: expect.any(String) as string } });
    expect(requests.muteRoom).toHaveBeenCalledOnce();
    expect(maker.error?.code).toBe("unavailable");
  });

  it("says why it was not stored", async () => {
    requests.putPreferences.mockRejectedValue(new ChatError("offline", "You are offline."));
    act(() => maker.choose({ kind: "change", change: { preview: false } }));
    await until(() => expect(maker.error?.code).toBe("offline"));
    expect(shown?.preview).toBe(true);
  });
});
