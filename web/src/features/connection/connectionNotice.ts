import { WritableStore, type Store } from "../../lib/store";
import type { ConnectionState } from "../../realtime/types";

/** What is said of the connection; `hidden` when all is well, or when it may be well again before anybody has read it. */
export type ConnectionNotice = "hidden" | "offline" | "connecting" | "reconnecting" | "upToDate";

/** The page itself says that it is loading; a connection that was lost is missed sooner. */
const firstPatienceMs = 4000;
const patienceMs = 1500;
const reliefMs = 2000;

/** Turns the restless connection into calm words. Follows while anybody does, from `start` to what that returns. */
export class NoticeFollower {
  readonly state = new WritableStore<ConnectionNotice>("hidden");
  readonly #connection: Store<ConnectionState>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isWaiting = false;
  /** Before that there was nothing to lose, and nothing to come back to. */
  #wasOnline = false;
  #followers = 0;
  #end: () => void = () => undefined;

  constructor(connection: Store<ConnectionState>) {
    this.#connection = connection;
  }

  start(): () => void {
    if (this.#followers++ === 0) {
      this.#end = this.#connection.subscribe(() => this.#follow());
      this.#follow();
    }
    return () => {
      if (--this.#followers > 0) return;
      this.#end();
      this.#stopWaiting();
    };
  }

  #follow(): void {
    switch (this.#connection.getSnapshot().phase) {
      case "online":
        this.#recover();
        break;
      case "offline":
        this.#show("offline");
        break;
      case "signedOut":
        this.#show("hidden");
        break;
      default:
        this.#endure();
    }
  }

  /** A trouble that anybody could see ends with a word; any other has never been. */
  #recover(): void {
    const shown = this.state.getSnapshot();
    if (shown === "upToDate") return;
    const isRelief = this.#wasOnline && shown !== "hidden";
    this.#wasOnline = true;
    this.#show(isRelief ? "upToDate" : "hidden");
    if (isRelief) this.#timer = setTimeout(() => this.state.set("hidden"), reliefMs);
  }

  /** However often it is tried, patience is counted from the loss. */
  #endure(): void {
    const shown = this.state.getSnapshot();
    const words = this.#wasOnline ? "reconnecting" : "connecting";
    if (shown === "offline") this.#show(words);
    if (shown === "offline" || shown === words || this.#isWaiting) return;
    this.#stopWaiting();
    this.#isWaiting = true;
    this.#timer = setTimeout(() => this.#show(words), this.#wasOnline ? patienceMs : firstPatienceMs);
  }

  #show(state: ConnectionNotice): void {
    this.#stopWaiting();
    this.state.set(state);
  }

  #stopWaiting(): void {
    clearTimeout(this.#timer);
    this.#isWaiting = false;
  }
}
