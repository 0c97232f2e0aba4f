import { Suspense, useCallback, useState, type ReactNode } from "react";

import { lazyPart } from "../../ui/lazyPart";
import type { RoomQuestion } from "./RoomDialogs";

const RoomDialogs = lazyPart(async () => (await import("./later")).RoomDialogs);

/** `ask` is for a menu's item; `dialog` is to be rendered beside the menu, and not in it. */
export function useRoomQuestion(): { ask(question: RoomQuestion): void; readonly dialog: ReactNode } {
  const [question, setQuestion] = useState<RoomQuestion | null>(null);
  const ask = useCallback((next: RoomQuestion) => setQuestion(next), []);
  const dialog = question !== null && (
    <Suspense fallback={null}>
      <RoomDialogs question={question} onClose={() => setQuestion(null)} />
    </Suspense>
  );
  return { ask, dialog };
}
