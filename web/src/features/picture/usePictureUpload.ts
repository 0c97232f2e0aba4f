import { useEffect, useMemo, useRef } from "react";

import { GroupPicture, type Following } from "../../realtime/groupPicture";
import { useChatClient } from "../session";

export interface PictureUpload {
  /** Makes a blob the picture of a group. The same one again goes on where it failed. Throws ChatError. */
  send(roomId: string, blob: Blob, how: Following): Promise<void>;
  /** What was sent, and is not chosen, is not wanted any more. */
  giveUp(): void;
}

interface Begun {
  readonly roomId: string;
  readonly blob: Blob;
  readonly picture: GroupPicture;
}

/** One upload at a time. It is given up when the view goes. */
export function usePictureUpload(): PictureUpload {
  const { server } = useChatClient();
  const begun = useRef<Begun | null>(null);
  const upload = useMemo((): PictureUpload => {
    const giveUp = (): void => {
      void begun.current?.picture.giveUp();
      begun.current = null;
    };
    return {
      giveUp,
      send: async (roomId, blob, how) => {
        if (begun.current?.roomId !== roomId || begun.current.blob !== blob) {
          giveUp();
          begun.current = { roomId, blob, picture: new GroupPicture(server, roomId, blob) };
        }
        const mine = begun.current;
        await mine.picture.put(how);
        if (begun.current === mine) begun.current = null;
      },
    };
  }, [server]);
  useEffect(() => () => upload.giveUp(), [upload]);
  return upload;
}
