import { WritableStore, type Store } from "../../lib/store";
import type { ConnectionState } from "../../realtime/types";

/** What the banner says; `hidden` when all is well, or when it may be well again before anybody has read it. */
export type BannerState = "hidden" | "offline" | "reconnecting" | "upToDate";

const patienceMs = 1500;
const reliefMs = 2000;

/** Turns the restless connection into a calm banner. Follows from `start` to what that returns. */
export class BannerFollower {
  readonly state = new WritableStore<BannerState>("hidden");
  readonly #connection: Store<ConnectionState>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isWaiting = false;

  constructor(connection: Store<ConnectionState>) {
    this.#connection = connection;
  }

  start(): () => void {
    const end = this.#connection.subscribe(() => this.#follow());
    this.#follow();
    return () => {
      end();
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
    this.#show(shown === "hidden" ? "hidden" : "upToDate");
    if (shown !== "hidden") this.#timer = setTimeout(() => this.state.set("hidden"), reliefMs);
  }

  /** However often it is tried, patience is counted from the loss. */
  #endure(): void {
    const shown = this.state.getSnapshot();
    if (shown === "offline") this.#show("reconnecting");
    if (shown === "offline" || shown === "reconnecting" || this.#isWaiting) return;
    this.#stopWaiting();
    this.#isWaiting = true;
    this.#timer = setTimeout(() => this.#show("reconnecting"), patienceMs);
  }

  #show(state: BannerState): void {
    this.#stopWaiting();
    this.state.set(state);
  }

  #stopWaiting(): void {
    clearTimeout(this.#timer);
    this.#isWaiting = false;
  }
}
