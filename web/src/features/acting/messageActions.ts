import type { ChatError, MessageAction } from "../../realtime/types";

/** What the parts of a message can do. */
export interface MessageActions {
  readonly roomId: string;
  retry(clientMessageId: string): void;
  discard(clientMessageId: string): void;
  act(action: MessageAction): void;
  /** To a message, from another one. */
  goTo(seq: number, cameFrom: number | null): void;
  readonly canReact: boolean;
  /** Those of so many who are named, in words. */
  namesOf(userIds: readonly string[], count: number): string;
  /** Whether trying again cannot help, as things are. */
  isFinal(error: ChatError | null): boolean;
}
