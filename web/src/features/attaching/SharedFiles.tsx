import { Suspense, useEffect, useState, type ReactNode } from "react";
import { SHARED_CACHE } from "../../lib/storage/sharedCache";
import { lazyPart } from "../../ui/lazyPart";

const ShareDialog = lazyPart(async () => (await import("./ShareDialog")).ShareDialog);

/** Asks where what another app has shared is to go, if there is something. `onOpen` leads to a conversation. */
export function SharedFiles({ onOpen }: { onOpen(roomId: string): void }): ReactNode {
  const [isAsked, setIsAsked] = useState(false);
  useEffect(() => {
    // Pages without HTTPS have none.
    if ("caches" in window) caches.has(SHARED_CACHE).then(setIsAsked, () => undefined);
  }, []);
  if (!isAsked) return null;
  return (
    <Suspense fallback={null}>
      <ShareDialog onOpen={onOpen} onClose={() => setIsAsked(false)} />
    </Suspense>
  );
}
