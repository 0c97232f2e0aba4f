import { Outbox, type OutboxOptions } from "../outbox";

/** An outbox at a server that takes every action. */
export function anOutbox(options: Pick<OutboxOptions, "isConnected" | "request" | "onStored">): Outbox {
  return new Outbox({
    perform: () => Promise.resolve(undefined),
    onDone: () => undefined,
    onRefused: () => undefined,
    ...options,
  });
}
