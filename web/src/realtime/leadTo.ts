import type { ChatClient, Target } from "./types";

/** Leads to a message of any room (`Conversation.goTo`), whether or not a view shows the room already. */
export function leadTo(client: ChatClient, roomId: string, seq: number, how?: Partial<Omit<Target, "seq">>): void {
  const conversation = client.open(roomId);
  void conversation.goTo(seq, how).finally(() => conversation.close());
}
