/** What the server sends: `push/web_push.py` writes it. */
import { isRecord } from "../lib/api/envelope";

export interface Push {
  /** The notification's id. */
  readonly collapseKey: string;
  readonly title: string;
  readonly body: string;
  /** All unread messages; null when it was not told. */
  readonly badge: number | null;
  readonly isWithdrawn: boolean;
  /** A message of which a notification tells has changed: it takes the place of what is shown, without a sound. */
  readonly isSilent: boolean;
  /** Values are texts; what was no text is JSON. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** Null when it is nothing that our server says. */
export function readPush(message: { json(): unknown } | null): Push | null {
  try {
    return parsePush(message?.json());
  } catch {
    return null; // no JSON
  }
}

function parsePush(payload: unknown): Push | null {
  if (!isRecord(payload) || typeof payload.collapseKey !== "string" || payload.collapseKey === "") return null;
  const { collapseKey, title, body, badge, data } = payload;
  const isWithdrawn = payload.withdrawn === true;
  if (!isWithdrawn && (typeof title !== "string" || title === "")) return null;
  return {
    collapseKey,
    title: typeof title === "string" ? title : "",
    body: typeof body === "string" ? body : "",
    badge: typeof badge === "number" && Number.isSafeInteger(badge) && badge >= 0 ? badge : null,
    isWithdrawn,
    isSilent: payload.silent === true,
    data: isRecord(data) ? data : {},
  };
}
