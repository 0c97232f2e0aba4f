import { Suspense, type ReactNode } from "react";
import { lazyPart } from "../../ui/lazyPart";
import type { ConversationSearchProps } from "./ConversationSearch";

const ConversationSearch = lazyPart(async () => (await import("./parts")).ConversationSearch);

/** The search in one conversation, below its header. */
export function FindInConversation(props: ConversationSearchProps): ReactNode {
  return (
    <Suspense>
      <ConversationSearch {...props} />
    </Suspense>
  );
}
