import { Outbox, type OutboxOptions } from "../outbox";

/** Nobody has any. */
export const NO_FILES: OutboxOptions["files"] = { keeper: null, load: () => undefined };

/** An outbox at a server that takes every action. */
export function anOutbox(options: Pick<OutboxOptions, "isConnected" | "request" | "onStored">): Outbox {
  return new Outbox({
    perform: () => Promise.resolve(undefined),
    onDone: () => undefined,
    keepRefused: () => Promise.resolve(),
    onRefused: () => undefined,
    files: NO_FILES,
    ...options,
  });
}
