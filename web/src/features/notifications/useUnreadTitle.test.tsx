import { act } from "react";
import { expect, it, vi } from "vitest";

import { WritableStore } from "../../lib/store";
import { ViewBench } from "../../lib/viewBench.fixture";
import type { ChatClient } from "../../realtime/types";
import { ChatClientProvider } from "../session";
import { useUnreadTitle } from "./useUnreadTitle";

const view = new ViewBench();

function Title({ name }: { readonly name: string | null }) {
  useUnreadTitle(name);
  return null;
}

it("keeps the number of unread messages in the title and on the app's icon, and clears both when it goes", () => {
  const badge = { setAppBadge: vi.fn(() => Promise.resolve()), clearAppBadge: vi.fn(() => Promise.resolve()) };
  Object.assign(navigator, badge);
  const rooms = new WritableStore({ totalUnread: 3 });
  const show = (name: string | null) =>
    view.show(
      <ChatClientProvider client={{ rooms } as unknown as ChatClient}>
        <Title name={name} />
      </ChatClientProvider>,
    );
  show(null);
  expect(document.title).toBe("(3) Hyred Chat");
  expect(badge.setAppBadge).toHaveBeenLastCalledWith(3);
  act(() => rooms.set({ totalUnread: 0 }));
  expect(document.title).toBe("Hyred Chat");
  show("Maya Santos");
  expect(document.title).toBe("Maya Santos · Hyred Chat");
  act(() => rooms.set({ totalUnread: 1 }));
  expect(document.title).toBe("(1) Maya Santos · Hyred Chat");
  view.leave();
  expect(document.title).toBe("Hyred Chat");
  expect(badge.clearAppBadge).toHaveBeenCalledTimes(2);
});
