/** Firebase Auth over its REST endpoints: two requests, instead of an SDK that is larger than this whole app. */
import { ChatError, offlineError } from "../../lib/api/chatError";
import { isRecord } from "../../lib/api/envelope";
import type { FirebaseSettings } from "./appConfig";
import type { FirebaseGrant } from "./tokenSource";

const timeoutMs = 12_000;

/** Signs in by e-mail and password. Throws ChatError: `wrong_password`, `disabled`, `too_many`, `offline`, `unavailable`. */
export async function signInWithPassword(
  settings: FirebaseSettings,
  email: string,
  password: string,
): Promise<FirebaseGrant> {
  const url = `${settings.accountsUrl}:signInWithPassword?key=${encodeURIComponent(settings.apiKey)}`;
  const body = JSON.stringify({ email, password, returnSecureToken: true });
  const answer = await post(url, "application/json", body);
  return grantOf(settings, answer.idToken, answer.refreshToken, answer.expiresIn);
}

/** A fresh token. Throws ChatError: `unauthenticated` when the session was ended, `offline`, `unavailable`. */
export async function refreshGrant(grant: FirebaseGrant): Promise<FirebaseGrant> {
  const { settings, refreshToken } = grant;
  const url = `${settings.tokenUrl}?key=${encodeURIComponent(settings.apiKey)}`;
  const body = new URLSearchParams({ grant_type: "refresh_token", refresh_token: refreshToken }).toString();
  try {
    const answer = await post(url, "application/x-www-form-urlencoded", body);
    return grantOf(settings, answer.id_token, answer.refresh_token, answer.expires_in);
  } catch (error) {
    const isPassing = error instanceof ChatError && passing.has(error.code);
    throw isPassing ? error : new ChatError("unauthenticated", "Your session has ended.");
  }
}

const passing = new Set(["offline", "unavailable", "too_many"]);

async function post(url: string, contentType: string, body: string): Promise<Record<string, unknown>> {
  const headers = { "Content-Type": contentType };
  const signal = AbortSignal.timeout(timeoutMs);
  const response = await fetch(url, { method: "POST", headers, body, signal, credentials: "omit" }).catch(() => {
    throw offlineError();
  });
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok && isRecord(answer)) return answer;
  throw response.status >= 500 || !isRecord(answer) ? unavailable() : refusalOf(answer);
}

/** Firebase says why in capitals, at times with a sentence after a colon. */
function refusalOf(answer: Record<string, unknown>): ChatError {
  const message = isRecord(answer.error) ? answer.error.message : null;
  const reason = typeof message === "string" ? (message.split(/[ :]/)[0] ?? "") : "";
  if (reason === "USER_DISABLED") return new ChatError("disabled", "This account has been disabled.");
  if (reason === "TOO_MANY_ATTEMPTS_TRY_LATER") return new ChatError("too_many", "Too many attempts.");
  return new ChatError("wrong_password", "E-mail or password is not right.");
}

function grantOf(settings: FirebaseSettings, idToken: unknown, refreshToken: unknown, seconds: unknown): FirebaseGrant {
  if (typeof idToken !== "string" || typeof refreshToken !== "string") throw unavailable();
  const expiresAt = Date.now() + (Number(seconds) || 3600) * 1000;
  return { kind: "firebase", settings, idToken, refreshToken, expiresAt };
}

function unavailable(): ChatError {
  return new ChatError("unavailable", "The sign-in service is not available right now.");
}
