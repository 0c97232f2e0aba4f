/** What is asked of the server about people and groups, and needs its answer at once: there is no doing it later. */
import type { components } from "../lib/api/schema";
import type { Report, RoomRequests, Server, User } from "./types";

type Answers = components["schemas"];
interface Page {
  readonly data: readonly User[];
  readonly nextCursor: string | null;
}

const BLOCKED_LIMIT = 100;

export class PeopleRequests implements RoomRequests {
  readonly #server: Server;

  constructor(server: Server) {
    this.#server = server;
  }

  async leave(roomId: string, myId: string): Promise<void> {
    const path = ["/api/chat/rooms", encodeURIComponent(roomId), "members", encodeURIComponent(myId)].join("/");
    await this.#server.request(path, { method: "DELETE" });
    this.#server.removeRoom(roomId);
  }

  async report(report: Report): Promise<{ readonly existing: boolean }> {
    const request = { method: "POST", body: report } as const;
    return (await this.#server.request<Answers["PostedReport"]>("/api/chat/reports", request)).data;
  }

  async listBlocked(): Promise<readonly User[]> {
    const blocked: User[] = [];
    let cursor: string | null = null;
    do {
      const query = { limit: BLOCKED_LIMIT, cursor: cursor ?? undefined };
      const page: Page = await this.#server.request<Answers["BlockedUser"][]>("/api/users/blocked", { query });
      blocked.push(...page.data);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return blocked;
  }
}
