/** Which person's caches belong to a sign-in, known before the server has said anything. */
import { openKeyValueDatabase } from "../lib/storage/indexedDatabase";
import type { KeyValueDatabase } from "../lib/storage/keyValueDatabase";
import type { User } from "./types";

const PEOPLE = { name: "hyred-chat people", version: 1, stores: ["people"] };

/**
 * The account that a token speaks for: issuer and subject of a JWT, which a fresh token shares with the one before; of
 * any other token its digest, as a token itself must not be written down.
 */
export async function accountOfToken(token: string): Promise<string> {
  const claims = claimsOf(token);
  if (claims) return `jwt ${claims}`;
  const bytes = new TextEncoder().encode(token);
  if (!("subtle" in crypto)) return `sum ${fnv1a(bytes)}`; // a page without TLS, where only development tokens are used
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return `sha ${[...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/** The people who have signed in on this device, by their accounts. */
export class KnownPeople {
  readonly #database: Promise<KeyValueDatabase>;
  readonly #serverUrl: string;

  constructor(serverUrl: string) {
    this.#serverUrl = serverUrl;
    this.#database = openKeyValueDatabase(PEOPLE);
  }

  async find(account: string): Promise<User | null> {
    const person = await (await this.#database).get("people", [this.#serverUrl, account]).catch(() => undefined);
    return (person as User | undefined) ?? null;
  }

  async keep(account: string, person: User): Promise<void> {
    const change = { store: "people", key: [this.#serverUrl, account], value: person };
    await (await this.#database).write([change]).catch(() => undefined);
  }

  async forget(account: string): Promise<void> {
    const change = { store: "people", remove: [this.#serverUrl, account] };
    await (await this.#database).write([change]).catch(() => undefined);
  }

  async close(): Promise<void> {
    (await this.#database).close();
  }
}

function claimsOf(token: string): string | null {
  const [, payload, signature] = token.split(".");
  if (payload === undefined || signature === undefined) return null;
  try {
    const claims = JSON.parse(atob(payload.replaceAll("-", "+").replaceAll("_", "/"))) as Record<string, unknown>;
    return typeof claims.sub === "string" ? JSON.stringify([claims.iss ?? null, claims.sub]) : null;
  } catch {
    return null;
  }
}

function fnv1a(bytes: Uint8Array): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(16);
}
