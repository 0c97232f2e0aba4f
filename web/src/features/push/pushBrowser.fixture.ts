/** A browser, its push service and our server, as push sees them; tests command all three. */
import type { ChatError } from "../../lib/api/chatError";
import type { RestClient } from "../../lib/api/restClient";
import type { PushOwner, PushOwners } from "./owner";
import type { PushBrowser } from "./pageBrowser";

/** "AQID" and "BAUG" are keys as the server writes them: three bytes, in base64url. */
export const KEY = "AQID";
export const OTHER_KEY = "BAUG";

interface FakeSubscription {
  readonly endpoint: string;
  readonly options: { readonly applicationServerKey: ArrayBuffer | null };
  toJSON(): unknown;
  unsubscribe(): Promise<boolean>;
}

export class FakeBrowser implements PushBrowser {
  supported: ReturnType<PushBrowser["support"]> = "supported";
  answered: NotificationPermission = "default";
  /** What the person says when asked. */
  willAnswer: NotificationPermission = "granted";
  asked = 0;
  language = "en";
  zone = "Europe/Madrid";
  hasPush = true;
  /** What the push service throws instead of subscribing. */
  refusal: Error | null = null;
  subscription: FakeSubscription | null = null;
  tellsKey = true;
  made = 0;
  readonly #listeners = new Set<() => void>();
  #last: Promise<unknown> = Promise.resolve();

  support = () => this.supported;
  permission = () => this.answered;
  locale = () => this.language;
  timeZone = () => this.zone;

  askPermission = () => {
    this.asked++;
    this.answered = this.willAnswer;
    return Promise.resolve();
  };

  onPermissionChange = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  changePermission(permission: NotificationPermission): void {
    this.answered = permission;
    for (const listener of this.#listeners) listener();
  }

  findPushManager = () => Promise.resolve(this.hasPush ? (this.#pushes as unknown as PushManager) : null);

  exclusively = <T>(task: () => Promise<T>): Promise<T> => {
    const mine = this.#last.then(task);
    this.#last = mine.catch(() => undefined);
    return mine;
  };

  readonly #pushes = {
    getSubscription: () => Promise.resolve(this.subscription),
    subscribe: ({ applicationServerKey: key }: { applicationServerKey: Uint8Array<ArrayBuffer> }) => {
      if (this.refusal !== null) return Promise.reject(this.refusal);
      const endpoint = `https://push.example/${++this.made}`;
      this.subscription = {
        endpoint,
        options: { applicationServerKey: this.tellsKey ? key.buffer : null },
        toJSON: () => ({ endpoint, keys: { p256dh: "p", auth: "a" } }),
        unsubscribe: () => {
          this.subscription = null;
          return Promise.resolve(true);
        },
      };
      return Promise.resolve(this.subscription);
    },
  };
}

export class FakeOwners implements PushOwners {
  owner: PushOwner | null | undefined = null;

  find = () => Promise.resolve(this.owner);

  keep = (owner: PushOwner) => {
    this.owner = owner;
    return Promise.resolve();
  };

  forget = () => {
    this.owner = null;
    return Promise.resolve();
  };
}

/** The server's side: whose a token is, and what was asked. */
export class FakeServer {
  key: string | null = KEY;
  refusal: ChatError | null = null;
  /** Answers nothing any more, for ever. */
  isStuck = false;
  onAsked: () => void = () => undefined;
  readonly asked: { readonly method: string; readonly path: string; readonly body: unknown }[] = [];

  request: RestClient["request"] = (path, request) => {
    const { method = "GET", body } = request ?? {};
    this.asked.push({ method, path, body });
    this.onAsked();
    if (this.isStuck) return new Promise<never>(() => undefined);
    if (this.refusal !== null) return Promise.reject(this.refusal);
    return Promise.resolve({ data: { key: this.key } as never, nextCursor: null });
  };

  bodiesOf(method: string): unknown[] {
    return this.asked.filter((request) => request.method === method).map(({ body }) => body);
  }

  tokensOf(method: string): unknown[] {
    return this.bodiesOf(method).map((body) => (body as { token: unknown }).token);
  }

  pathsOf(method: string): string[] {
    return this.asked.filter((request) => request.method === method).map(({ path }) => path);
  }
}
