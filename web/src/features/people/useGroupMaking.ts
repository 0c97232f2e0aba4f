import { useEffect, useRef, useState } from "react";

import { toChatError, type ChatError } from "../../lib/api/chatError";
import { newId } from "../../realtime/ids";
import type { User } from "../../realtime/types";
import { usePictureUpload } from "../picture";
import { useRoomRequests } from "../rooms/useRoomRequests";

/** What could not be done, and why. */
export interface Failure {
  readonly of: "group" | "picture";
  readonly error: ChatError;
}

interface Making {
  readonly isBusy: boolean;
  /** Of the picture: how much has been sent, from 0 to 1; null while none is on its way. */
  readonly part: number | null;
  readonly failure: Failure | null;
  /** The room, once it is there: what is tried again is the picture. */
  readonly madeId: string | null;
}

const AT_REST: Making = { isBusy: false, part: null, failure: null, madeId: null };

/** Makes a group, and then gives it its picture, if it is to have one. */
export function useGroupMaking(chosen: readonly User[], onMade: (roomId: string) => void) {
  const requests = useRoomRequests();
  const upload = usePictureUpload();
  const [making, setMaking] = useState(AT_REST);
  // Trying again after an answer that was lost finds the group, and makes no second one.
  const clientRoomId = useRef(newId());
  const ending = useRef(new AbortController());
  useEffect(() => () => ending.current.abort(), []);
  const change = (next: Partial<Making>): void => setMaking((before) => ({ ...before, ...next }));

  const make = async (title: string, picture: Blob | null): Promise<void> => {
    const { signal } = (ending.current = new AbortController());
    change({ isBusy: true, failure: null });
    const isOver = (): boolean => signal.aborted;
    let roomId = making.madeId;
    const fail = (of: Failure["of"], cause: unknown): void => {
      if (!isOver()) change({ isBusy: false, part: null, failure: { of, error: toChatError(cause) } });
    };
    try {
      const memberIds = chosen.map(({ id }) => id);
      roomId ??= await requests.makeGroup({ title, memberIds, clientRoomId: clientRoomId.current });
    } catch (cause) {
      fail("group", cause);
      return;
    }
    if (isOver()) return;
    try {
      if (picture !== null) {
        change({ madeId: roomId, part: 0 });
        await upload.send(roomId, picture, { signal, onProgress: (part) => change({ part }) });
      }
    } catch (cause) {
      fail("picture", cause);
      return;
    }
    if (!isOver()) onMade(roomId);
  };
  return { making, make };
}
