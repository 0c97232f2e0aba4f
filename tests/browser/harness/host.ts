/** The marketplace behind the chat: it makes people and rooms by the administration API, and reads what is stored. */
import { API_KEY, type Server } from "./server";

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly token: string;
}

/** A virtual assistant, a company, and their room. */
export interface Pair {
  readonly va: Person;
  readonly company: Person;
  readonly roomId: string;
}

/** What is told of somebody besides their name. */
export interface Profile {
  readonly headline?: string;
  readonly timeZone?: string;
  readonly workingHours?: { readonly from: string; readonly until: string; readonly days?: readonly number[] };
}

export interface StoredMessage {
  readonly id: string;
  readonly seq: number;
  readonly content: string;
  readonly senderId: string;
  readonly clientMessageId: string | null;
  readonly attachments: readonly { readonly name: string; readonly kind: string; readonly url: string }[];
}

export interface Preferences {
  readonly types: Readonly<Record<string, { readonly push: boolean; readonly inApp: boolean }>>;
  readonly quietHours: { readonly from: string; readonly until: string } | null;
  readonly timeZone: string | null;
  readonly preview: boolean;
  readonly mutedRooms: Readonly<Record<string, string>>;
}

export interface ReportOf {
  readonly reason: string;
  readonly note: string | null;
  readonly messageId: string | null;
  readonly user: { readonly id: string };
}

interface Notice {
  readonly deliveries: readonly {
    readonly state: string;
    readonly reason: string | null;
  }[];
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

  async makePerson(role: "va" | "company" | "admin", name?: string): Promise<Person> {
    const number = ++this.made;
    const id = `person-${number}`;
    const ownName =
      name ?? `${FIRST_NAMES[number % FIRST_NAMES.length]} ${role === "company" ? "Studio" : "Reyes"} ${number}`;
    const email = `${id}@journeys.hyred.example`;
    await this.administer("PUT", `users/${id}`, { email, role, name: ownName });
    return { id, name: ownName, email, token: `dev-token-${email}` };
  }

  async changeRole({ id, email }: Person, role: "va" | "company" | "admin"): Promise<void> {
    await this.administer("PUT", `users/${id}`, { email, role });
  }

  /** What the marketplace tells of somebody. */
  async describe({ id, email, name }: Person, profile: Profile): Promise<void> {
    const { role } = await this.administer<{ role: string }>("GET", `users/${id}`);
    await this.administer("PUT", `users/${id}`, { email, role, name, ...profile });
  }

  async makeRoom(one: Person, other: Person): Promise<string> {
    return (await this.saveRoom(one, other, "active")).id;
  }

  async makeGroup(title: string, members: readonly Person[]): Promise<string> {
    const memberIds = members.map(({ id }) => id);
    return (
      await this.administer<{ id: string }>("POST", "rooms", {
        type: "group",
        title,
        memberIds,
      })
    ).id;
  }

  /** A group that somebody has made, and owns. */
  async startGroup(owner: Person, title: string, members: readonly Person[]): Promise<string> {
    const memberIds = members.map(({ id }) => id);
    const group = { type: "group", title, memberIds };
    return (await this.request<{ roomId: string }>("POST", "/api/chat/rooms", owner.token, group)).roomId;
  }

  /** As a member of a group who gives another a role there. */
  async giveRole(actor: Person, roomId: string, member: Person, role: "owner" | "admin" | "member"): Promise<void> {
    await this.request("PUT", `/api/chat/rooms/${roomId}/members/${member.id}`, actor.token, { role });
  }

  /** As its sender, for everybody. */
  async deleteMessage(person: Person, messageId: string): Promise<void> {
    await this.request("DELETE", `/api/chat/messages/${messageId}`, person.token);
  }

  /** Pins a message for everybody in its room. */
  async pin(person: Person, roomId: string, messageId: string): Promise<void> {
    await this.request("PUT", `/api/chat/rooms/${roomId}/pins/${messageId}`, person.token);
  }

  /** From now on the room refuses messages. */
  async block(pair: Pair): Promise<void> {
    await this.saveRoom(pair.va, pair.company, "blocked");
  }

  async unblock(pair: Pair): Promise<void> {
    await this.saveRoom(pair.va, pair.company, "active");
  }

  /** Tells people something that is no message. @returns the notice's id. */
  async notify(
    people: readonly Person[],
    title: string,
    body = "In short.",
    type = "job_match",
    data: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    const notice = {
      userIds: people.map(({ id }) => id),
      type,
      title,
      body,
      data,
    };
    return (await this.administer<{ id: string }>("POST", "notifications", notice)).id;
  }

  /** Why a notice that was for one person was not pushed; null as long as that may still come. */
  async readReason(noticeId: string): Promise<string | null> {
    const { deliveries } = await this.administer<Notice>("GET", `notifications/${noticeId}`);
    return deliveries[0]?.reason ?? null;
  }

  /** What their notifications say, newest first. */
  async listNotifications(person: Person, { unread = false } = {}): Promise<string[]> {
    const found = await this.request<{ body: string }[]>("GET", `/api/notifications?unread=${unread}`, person.token);
    return found.map(({ body }) => body);
  }

  /** Mutes a conversation for somebody, for a week. */
  async mute(person: Person, roomId: string): Promise<void> {
    const until = new Date(Date.now() + 7 * 24 * 3_600_000).toISOString();
    await this.request("PUT", `/api/chat/rooms/${roomId}/mute`, person.token, {
      until,
    });
  }

  /** Somebody reports a message of a room. */
  async report(person: Person, messageId: string, note: string, reason = "fraud"): Promise<void> {
    await this.request("POST", "/api/chat/reports", person.token, { messageId, reason, note });
  }

  /** As somebody who chooses on another device. */
  async choose(person: Person, change: Partial<Preferences>): Promise<void> {
    await this.request("PUT", "/api/notifications/preferences", person.token, change);
  }

  readPreferences(person: Person): Promise<Preferences> {
    return this.request("GET", "/api/notifications/preferences", person.token);
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

  /** How many messages somebody finds by words: the index follows what is written. */
  async countFound(person: Person, words: string): Promise<number> {
    const query = new URLSearchParams({ q: words, limit: "50" });
    return (await this.request<unknown[]>("GET", `/api/chat/search?${query.toString()}`, person.token)).length;
  }

  /** What was told to the moderators about somebody. */
  async listReports(person: Person): Promise<ReportOf[]> {
    const reports = await this.administer<ReportOf[]>("GET", "reports?limit=100");
    return reports.filter(({ user }) => user.id === person.id);
  }

  private saveRoom(one: Person, other: Person, status: string): Promise<{ id: string }> {
    return this.administer("POST", "rooms", {
      type: "direct",
      memberIds: [one.id, other.id],
      status,
    });
  }

  private administer<T>(method: string, path: string, body?: object): Promise<T> {
    return this.request(method, `/api/admin/${path}`, API_KEY, body);
  }

  private async request<T>(method: string, path: string, token: string, body?: object): Promise<T> {
    const headers = {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
    };
    const answer = await fetch(this.server.url + path, {
      method,
      headers,
      body: body ? JSON.stringify(body) : null,
    });
    const envelope = (await answer.json()) as {
      success: boolean;
      data: T;
      error?: string;
    };
    if (!envelope.success) throw new Error(`${method} ${path}: ${answer.status} ${envelope.error}`);
    return envelope.data;
  }
}
