import { useEffect, useLayoutEffect, useState, type RefObject } from "react";
import type { Conversation, ConversationState } from "../../realtime/types";
import { ListPosition, type Anchor } from "./ListPosition";
import { findUncoveredSeq } from "./onScreen";
import { ReadPosition } from "./ReadPosition";
import type { Row } from "./rows";

/** A line of new messages that comes later than this after opening no longer moves the reader. */
const OPENING_MS = 3_000;
const MOST_ANCHORS = 50;

/** Where the reader was in each room, for as long as the page lives. */
const anchors = new Map<string, Anchor>();

function keepAnchor(roomId: string, anchor: Anchor | null): void {
  anchors.delete(roomId);
  if (anchor !== null) anchors.set(roomId, anchor);
  const oldest = anchors.keys().next();
  if (anchors.size > MOST_ANCHORS && oldest.done !== true) anchors.delete(oldest.value);
}

function createListPosition(
  conversation: Conversation,
  readPosition: ReadPosition,
  log: RefObject<HTMLElement | null>,
): ListPosition {
  return new ListPosition({
    onSeen: readPosition.see,
    loadOlder: () => {
      // The state says when older messages cannot be had; the next scroll tries again.
      conversation.loadOlder().catch(() => undefined);
    },
    loadNewer: () => {
      void conversation.loadNewer();
    },
    goToLatest: () => conversation.goToLatest(),
    scrollToEnd: () => {
      log.current?.scrollTo({ top: log.current.scrollHeight, behavior: "instant" });
    },
    height: () => log.current?.clientHeight ?? 0,
    distanceFromEnd: () => {
      if (log.current === null) return 0;
      const { scrollHeight, clientHeight, scrollTop } = log.current;
      return scrollHeight - clientHeight - scrollTop;
    },
  });
}

/** The position of a conversation's list, kept up with its rows, and with the reader who looks away and back. */
export function useListPosition(
  conversation: Conversation,
  state: ConversationState,
  rows: readonly Row[],
  log: RefObject<HTMLElement | null>,
): ListPosition {
  const [readPosition] = useState(() => new ReadPosition(conversation, (seq) => findUncoveredSeq(log.current, seq)));
  const [position] = useState(() => createListPosition(conversation, readPosition, log));
  const { hasOlder, hasNewer, stretch, target, firstUnreadSeq, room } = state;
  const lastReadSeq = room?.lastReadSeq ?? 0;

  // Before the rows are told: React may take the list off the page and put it back.
  useLayoutEffect(() => {
    const { roomId } = conversation;
    position.open(anchors.get(roomId) ?? null);
    return () => {
      keepAnchor(roomId, position.findAnchor());
    };
  }, [conversation, position]);

  useLayoutEffect(() => {
    position.update({ rows, hasOlder, hasNewer, stretch, target, firstUnreadSeq, lastReadSeq });
  }, [position, rows, hasOlder, hasNewer, stretch, target, firstUnreadSeq, lastReadSeq]);

  // The list measures and scrolls within the frame after a change: what is on the screen is known in the one after.
  useEffect(() => {
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => {
        position.settle();
      });
    });
    return () => {
      cancelAnimationFrame(frame);
    };
  }, [position, rows, hasOlder, hasNewer, target]);

  useEffect(() => {
    const timer = setTimeout(() => {
      position.touched(false);
    }, OPENING_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [position]);

  useEffect(() => {
    window.addEventListener("focus", position.look);
    document.addEventListener("visibilitychange", position.look);
    return () => {
      window.removeEventListener("focus", position.look);
      document.removeEventListener("visibilitychange", position.look);
      readPosition.stop();
    };
  }, [position, readPosition]);

  return position;
}
