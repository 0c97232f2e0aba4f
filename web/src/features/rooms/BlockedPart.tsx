import { Suspense, type ReactNode } from "react";

import { lazyPart } from "../../ui/lazyPart";

const List = lazyPart(async () => (await import("./later")).BlockedPeople);

/** Whom one has blocked, for the preferences. */
export function BlockedPeople(): ReactNode {
  return (
    <Suspense fallback={null}>
      <List />
    </Suspense>
  );
}
