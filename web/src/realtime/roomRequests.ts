/** What is asked of the server about people and groups, and needs its answer at once: there is no doing it later. */
import type { RestRequest } from "../lib/api/restClient";
import type { components } from "../lib/api/schema";
import type { MemberRole, Message, Profile, Report, Room, RoomRequests, Server, User } from "./types";

type Answers = components["schemas"];
// As in `chatApi.ts`: the description leaves open what types of message a room's last one may have.
type RoomAnswer = Answers["Room"] & Pick<Room, "lastMessage">;
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

  async findProfile(userId: string): Promise<Profile> {
    const path = `/api/users/${encodeURIComponent(userId)}/profile`;
    return (await this.#server.request<Answers["PersonProfile"]>(path)).data;
  }

  async makeGroup(group: Parameters<RoomRequests["makeGroup"]>[0]): Promise<string> {
    const request = { method: "POST", body: { type: "group", ...group } } as const;
    const { roomId } = (await this.#server.request<Answers["CreatedRoom"]>("/api/chat/rooms", request)).data;
    // The list should have it when its view opens; if that fails, joining brings it.
    await this.refresh(roomId).catch(() => undefined);
    return roomId;
  }

  async rename(roomId: string, title: string): Promise<void> {
    await this.#change(pathOf(roomId), { method: "PATCH", body: { title } });
  }

  async setPicture(roomId: string, fileId: string | null): Promise<void> {
    await this.#change(pathOf(roomId), { method: "PATCH", body: { avatar: fileId } });
  }

  async putMember(roomId: string, userId: string, role?: MemberRole): Promise<void> {
    await this.#change(pathOf(roomId, "members", userId), { method: "PUT", body: role === undefined ? {} : { role } });
  }

  async removeMember(roomId: string, userId: string): Promise<void> {
    await this.#change(pathOf(roomId, "members", userId), { method: "DELETE" });
  }

  async refresh(roomId: string): Promise<void> {
    await this.#change(pathOf(roomId));
  }

  async findMessage(roomId: string, seq: number): Promise<Message | undefined> {
    const query = { around: seq, limit: 1 };
    const { data } = await this.#server.request<Answers["Message"][]>(pathOf(roomId, "messages"), { query });
    return data.find((message) => message.seq === seq);
  }

  /** The answer is the room as it is then: others hear of it, and so do we, if it is not a large one. */
  async #change(path: string, request?: RestRequest): Promise<void> {
    this.#server.putRoom((await this.#server.request<RoomAnswer>(path, request)).data);
  }
}

function pathOf(roomId: string, ...parts: readonly string[]): string {
  return ["/api/chat/rooms", roomId, ...parts]
    .map((part, index) => (index === 0 ? part : encodeURIComponent(part)))
    .join("/");
}
