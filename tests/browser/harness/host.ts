/** The marketplace behind the chat: it makes people and rooms by the administration API, and reads what is stored. */
import { API_KEY, type Server } from "./server";

export interface Person {
  readonly id: string;
  readonly name: string;
  /** Their part of the name that nobody else has. */
  readonly token: string;
}

/** A virtual assistant, a company, and their room. */
export interface Pair {
  readonly va: Person;
  readonly company: Person;
  readonly roomId: string;
}

export interface StoredMessage {
  readonly seq: number;
  readonly content: string;
  readonly senderId: string;
  readonly clientMessageId: string | null;
}

const PAGE = 100;
const FIRST_NAMES = ["Ana", "Ben", "Chloe", "Dario", "Elena", "Farid", "Greta", "Hugo", "Ines", "Jonas"];

export class Host {
  private made = 0;

  constructor(private readonly server: Server) {}

  /** Two people who have a room. Their names are theirs alone. */
  async makePair(): Promise<Pair> {
    const va = await this.makePerson("va");
    const company = await this.makePerson("company");
    return { va, company, roomId: await this.makeRoom(va, company) };
  }

  async makePerson(role: "va" | "company", name?: string): Promise<Person> {
    const number = ++this.made;
    const id = `person-${number}`;
    const ownName =
      name ?? `${FIRST_NAMES[number % FIRST_NAMES.length]} ${role === "va" ? "Reyes" : "Studio"} ${number}`;
    const email = `${id}@journeys.hyred.example`;
    await this.administer("PUT", `users/${id}`, { email, role, name: ownName });
    return { id, name: ownName, token: `dev-token-${email}` };
  }

  async makeRoom(one: Person, other: Person): Promise<string> {
    return (await this.saveRoom(one, other, "active")).id;
  }

  /** From now on the room refuses messages. */
  async block(pair: Pair): Promise<void> {
    await this.saveRoom(pair.va, pair.company, "blocked");
  }

  async unblock(pair: Pair): Promise<void> {
    await this.saveRoom(pair.va, pair.company, "active");
  }

  /** All of a room as somebody sees it, oldest first. */
  async readRoom(reader: Person, roomId: string): Promise<StoredMessage[]> {
    const all: StoredMessage[] = [];
    for (;;) {
      const path = `/api/chat/rooms/${roomId}/messages?limit=${PAGE}&after=${all.at(-1)?.seq ?? 0}`;
      const page = await this.request<StoredMessage[]>("GET", path, reader.token);
      all.push(...page);
      if (page.length < PAGE) return all;
    }
  }

  private saveRoom(one: Person, other: Person, status: string): Promise<{ id: string }> {
    return this.administer("POST", "rooms", { type: "direct", memberIds: [one.id, other.id], status });
  }

  private administer<T>(method: string, path: string, body: object): Promise<T> {
    return this.request(method, `/api/admin/${path}`, API_KEY, body);
  }

  private async request<T>(method: string, path: string, token: string, body?: object): Promise<T> {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const answer = await fetch(this.server.url + path, { method, headers, body: body ? JSON.stringify(body) : null });
    const envelope = (await answer.json()) as { success: boolean; data: T; error?: string };
    if (!envelope.success) throw new Error(`${method} ${path}: ${answer.status} ${envelope.error}`);
    return envelope.data;
  }
}
