import { createContext, use } from "react";

import type { ConsoleClient } from "./consoleClient";

export const ConsoleClientContext = createContext<ConsoleClient | null>(null);

/** The client of whoever is signed in. */
export function useConsoleClient(): ConsoleClient {
  const client = use(ConsoleClientContext);
  if (client === null) throw new Error("There is no session around this part.");
  return client;
}
