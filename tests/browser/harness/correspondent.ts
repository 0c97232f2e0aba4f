/** “The other person” without a browser: the official client from Node. */
import { io, type Socket } from "socket.io-client";

import type { Person } from "./host";
import { PATIENCE_MS } from "./patience";
import type { Server } from "./server";

const AT_ONCE = 200;
/** As often as clients tell that somebody still types: it ends by itself after twice as long. */
const TYPING_REFRESH_MS = 3_000;

interface Answer {
  readonly success: boolean;
  readonly error?: string;
  readonly data: { readonly seq: number; readonly id: string };
}

export class Correspondent {
  private typing: ReturnType<typeof setInterval> | undefined;

  private constructor(private readonly socket: Socket) {}

  static async connect(server: Server, person: Person): Promise<Correspondent> {
    const socket = io(server.url, {
      auth: { token: person.token },
      transports: ["websocket"],
      forceNew: true,
    });
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("connect_error", reject);
    });
    return new Correspondent(socket);
  }

  /** Returns the message's seq. */
  async send(chatRoomId: string, content: string): Promise<number> {
    return (await this.ask("send_message", { chatRoomId, content })).data.seq;
  }

  /** Answers a message. Returns the answer's id. */
  async answer(chatRoomId: string, replyTo: string | undefined, content: string): Promise<string> {
    return (await this.ask("send_message", { chatRoomId, content, replyTo })).data.id;
  }

  async react(messageId: string, emoji: string): Promise<void> {
    await this.ask("react", { messageId, emoji, on: true });
  }

  /** In this order. */
  async sendAll(chatRoomId: string, contents: readonly string[]): Promise<void> {
    for (let start = 0; start < contents.length; start += AT_ONCE) {
      const some = contents.slice(start, start + AT_ONCE);
      await Promise.all(some.map((content) => this.send(chatRoomId, content)));
    }
  }

  /** As somebody who has read a room up to a message. */
  static async markRead(server: Server, person: Person, roomId: string, seq: number): Promise<void> {
    const reader = await Correspondent.connect(server, person);
    await reader.ask("mark_read", { chatRoomId: roomId, seq });
    reader.close();
  }

  /** Types in a room, from now on until `stopTyping`. */
  async startTyping(chatRoomId: string): Promise<void> {
    const typing = { chatRoomId, isTyping: true };
    await this.ask("join_chat", { chatRoomId });
    await this.ask("typing", typing);
    this.typing = setInterval(() => this.socket.emit("typing", typing), TYPING_REFRESH_MS);
  }

  async stopTyping(chatRoomId: string): Promise<void> {
    clearInterval(this.typing);
    await this.ask("typing", { chatRoomId, isTyping: false });
  }

  setStatus(status: string): void {
    this.socket.emit("update_status", { status });
  }

  close(): void {
    clearInterval(this.typing);
    this.socket.disconnect();
  }

  private async ask(event: string, payload: object): Promise<Answer> {
    const answer = (await this.socket.timeout(PATIENCE_MS).emitWithAck(event, payload)) as Answer;
    if (!answer.success) throw new Error(`${event}: ${answer.error}`);
    return answer;
  }
}
