import { use, useCallback, type ReactNode } from "react";

import type { ChatClient } from "../../realtime/types";
import { ImageBaseContext, PictureContext, pictureAt, type TellOfPicture } from "../../ui/imageBase";
import type { SessionAccess } from "./access";
import { ChatClientContext, SessionAccessContext } from "./chatClientContext";

interface ChatClientProviderProps {
  readonly client: ChatClient;
  /** Of the app's own session; without it, the parts below do without what needs one. */
  readonly access?: SessionAccess;
  readonly children: ReactNode;
}

/** Hands the client of a session to the views below. */
export function ChatClientProvider({ client, access, children }: ChatClientProviderProps): ReactNode {
  return (
    <ChatClientContext value={client}>
      <PictureContext value={usePictures(client)}>
        <SessionAccessContext value={access ?? null}>{children}</SessionAccessContext>
      </PictureContext>
    </ChatClientContext>
  );
}

/** Keeps and renews pictures; loaded with the first that is the server's own. */
function usePictures(client: ChatClient): TellOfPicture {
  const base = use(ImageBaseContext);
  return useCallback(
    async (image, hasLoaded) => {
      if (pictureAt(image) === image) return null;
      const loaded = await import("../../realtime/roomPictures").catch(() => null);
      return loaded?.picturesOf(client, base).tell(image, hasLoaded) ?? null;
    },
    [client, base],
  );
}
