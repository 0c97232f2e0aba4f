/** What stands for Firebase Authentication: it signs people in, refreshes their tokens, and publishes its key. */
import { createSign, generateKeyPairSync, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server as HttpServer, type ServerResponse } from "node:http";

const PROJECT = "hyred-journeys";
const KEY_ID = "one";
const SIGN_IN = "/identitytoolkit.googleapis.com/v1/accounts:signInWithPassword";
const REFRESH = "/securetoken.googleapis.com/v1/token";
const KEYS = "/keys";
const HOUR_SECONDS = 3600;

interface Account {
  readonly email: string;
  readonly password: string;
}

interface Reply {
  readonly status: number;
  readonly body: object;
}

export class Firebase {
  private readonly keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
  private readonly accounts = new Map<string, Account>();
  /** Refresh tokens, and whose they are. */
  private readonly sessions = new Map<string, string>();
  /** How long the token of the next sign-in really lasts. Pages are told an hour. */
  nextTokenSeconds = HOUR_SECONDS;
  refreshes = 0;

  private constructor(private readonly http: HttpServer) {
    http.on("request", (request: IncomingMessage, response: ServerResponse) => void this.answer(request, response));
  }

  static async start(): Promise<Firebase> {
    const http = createServer().listen(0, "127.0.0.1");
    await once(http, "listening");
    return new Firebase(http);
  }

  /** For a server that signs people in here, and believes nobody else. */
  get settings(): Record<string, string> {
    return {
      HYRED_FIREBASE_PROJECT_ID: PROJECT,
      HYRED_FIREBASE_WEB_API_KEY: "AIzaJourneysJourneysJourneysJourneys12",
      HYRED_FIREBASE_EMULATOR_URL: this.url,
      HYRED_OIDC_JWKS_URL: this.url + KEYS,
      HYRED_DEMO: "false",
    };
  }

  addAccount(email: string, password: string): void {
    this.accounts.set(email, { email, password });
  }

  async stop(): Promise<void> {
    this.http.closeAllConnections();
    this.http.close();
    await once(this.http, "close");
  }

  private get url(): string {
    const address = this.http.address();
    if (address === null || typeof address === "string") throw new Error("Firebase has no port.");
    return `http://127.0.0.1:${address.port}`;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, body } = this.reply(new URL(request.url ?? "/", this.url).pathname, await bodyOf(request));
    response.writeHead(request.method === "OPTIONS" ? 204 : status, {
      "Access-Control-Allow-Origin": "*",
      "Access-Control-Allow-Headers": "Content-Type",
      "Content-Type": "application/json",
    });
    response.end(request.method === "OPTIONS" ? undefined : JSON.stringify(body));
  }

  private reply(path: string, body: string): Reply {
    if (path === KEYS) return { status: 200, body: { keys: [this.publicKey()] } };
    if (path === SIGN_IN) return this.signIn(body);
    if (path === REFRESH) return this.refresh(new URLSearchParams(body).get("refresh_token") ?? "");
    return refusal("NOT_FOUND");
  }

  private signIn(body: string): Reply {
    const { email = "", password = "" } = JSON.parse(body || "{}") as Partial<Account>;
    if (this.accounts.get(email)?.password !== password) return refusal("INVALID_LOGIN_CREDENTIALS");
    const idToken = this.tokenOf(email, this.nextTokenSeconds);
    this.nextTokenSeconds = HOUR_SECONDS;
    const [refreshToken, expiresIn] = [this.newSession(email), String(HOUR_SECONDS)];
    return { status: 200, body: { idToken, refreshToken, expiresIn } };
  }

  private refresh(refreshToken: string): Reply {
    const email = this.sessions.get(refreshToken);
    if (email === undefined) return refusal("TOKEN_EXPIRED");
    this.refreshes += 1;
    const [id_token, expires_in] = [this.tokenOf(email, HOUR_SECONDS), String(HOUR_SECONDS)];
    return {
      status: 200,
      body: { id_token, refresh_token: refreshToken, expires_in },
    };
  }

  private newSession(email: string): string {
    const refreshToken = randomUUID();
    this.sessions.set(refreshToken, email);
    return refreshToken;
  }

  private publicKey(): object {
    return {
      ...this.keys.publicKey.export({ format: "jwk" }),
      kid: KEY_ID,
      use: "sig",
      alg: "RS256",
    };
  }

  private tokenOf(email: string, seconds: number): string {
    const now = Math.floor(Date.now() / 1000);
    const issuer = `https://securetoken.google.com/${PROJECT}`;
    const claims = {
      iss: issuer,
      aud: PROJECT,
      sub: email,
      iat: now,
      auth_time: now,
      exp: now + seconds,
      jti: randomUUID(),
    };
    const parts = [
      { alg: "RS256", kid: KEY_ID, typ: "JWT" },
      { ...claims, email, email_verified: true },
    ];
    const signed = parts.map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
    return `${signed}.${createSign("RSA-SHA256").update(signed).sign(this.keys.privateKey, "base64url")}`;
  }
}

function refusal(message: string): Reply {
  return { status: 400, body: { error: { code: 400, message } } };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
