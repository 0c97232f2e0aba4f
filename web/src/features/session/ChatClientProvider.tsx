import { useCallback, useEffect, type ReactNode } from "react";

import type { ChatClient } from "../../realtime/types";
import { PictureContext, pictureAt, type TellOfPicture } from "../../ui/imageBase";
import { refuseDrops } from "../../ui/refuseDrops";
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
  useEffect(refuseDrops, []);
  return (
    <ChatClientContext value={client}>
      <PictureContext value={usePictures(client)}>
        <SessionAccessContext value={access ?? null}>{children}</SessionAccessContext>
      </PictureContext>
    </ChatClientContext>
  );
}

/** Only pictures that are the server's own are kept and renewed. */
function usePictures(client: ChatClient): TellOfPicture {
  return useCallback(
    async (image, hasLoaded) =>
      pictureAt(image) === image ? null : ((await client.pictures())?.tell(image, hasLoaded) ?? null),
    [client],
  );
}
