import { act } from "react";
import { createRoot } from "react-dom/client";
import { beforeEach, expect, it, vi } from "vitest";

import { WritableStore } from "../../lib/store";
import type { ChatClient } from "../../realtime/types";
import { ChatClientProvider } from "../session";
import { useUnreadTitle } from "./useUnreadTitle";

beforeEach(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
});

function Title({ name }: { readonly name: string | null }) {
  useUnreadTitle(name);
  return null;
}

it("keeps the number of unread messages in the title and on the app's icon, and clears both when it goes", () => {
  const badge = { setAppBadge: vi.fn(() => Promise.resolve()), clearAppBadge: vi.fn(() => Promise.resolve()) };
  Object.assign(navigator, badge);
  const rooms = new WritableStore({ totalUnread: 3 });
  const root = createRoot(document.createElement("div"));
  const show = (name: string | null) =>
    root.render(
      <ChatClientProvider client={{ rooms } as unknown as ChatClient}>
        <Title name={name} />
      </ChatClientProvider>,
    );
  act(() => show(null));
  expect(document.title).toBe("(3) Hyred Chat");
  expect(badge.setAppBadge).toHaveBeenLastCalledWith(3);
  act(() => rooms.set({ totalUnread: 0 }));
  expect(document.title).toBe("Hyred Chat");
  act(() => show("Maya Santos"));
  expect(document.title).toBe("Maya Santos · Hyred Chat");
  act(() => rooms.set({ totalUnread: 1 }));
  expect(document.title).toBe("(1) Maya Santos · Hyred Chat");
  act(() => root.unmount());
  expect(document.title).toBe("Hyred Chat");
  expect(badge.clearAppBadge).toHaveBeenCalledTimes(2);
});
