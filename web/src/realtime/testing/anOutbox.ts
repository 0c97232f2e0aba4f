import { Outbox, type MessageFiles, type OutboxOptions } from "../outbox";

/** Nobody has any. */
export const NO_FILES: MessageFiles = {
  hasWork: false,
  attachmentsOf: () => [],
  claim: () => undefined,
  retryAll: () => undefined,
  reconsider: () => Promise.resolve(false),
  ended: () => undefined,
  senderChanged: () => undefined,
};

/** An outbox at a server that takes every action. */
export function anOutbox(options: Pick<OutboxOptions, "isConnected" | "request" | "onStored">): Outbox {
  return new Outbox({
    perform: () => Promise.resolve(undefined),
    onDone: () => undefined,
    onRefused: () => undefined,
    files: NO_FILES,
    ...options,
  });
}
