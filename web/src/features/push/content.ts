/** How a notification looks and what it carries, whether a push brings it or a page that is hidden. */
import { isRecord } from "../../lib/api/envelope";
import { fillText, type Params } from "../../lib/i18n/catalogue";
import { matchLocale } from "../../lib/i18n/locale";
import { pushEn } from "../../lib/i18n/messages/push.en";
import { pushEs } from "../../lib/i18n/messages/push.es";

/** What TypeScript leaves out, as not every browser has it; one that has it not does without. */
export interface ShownOptions extends NotificationOptions {
  readonly renotify?: boolean;
  readonly timestamp?: number;
  readonly actions?: readonly {
    readonly action: string;
    readonly type: "text";
    readonly title: string;
    readonly placeholder: string;
  }[];
}

/** What is kept with a notification for the click on it. */
export interface ShownData {
  readonly [name: string]: unknown;
  /** Whose it is; a browser may have changed hands when somebody clicks. */
  readonly userId: string | null;
}

export interface ShownContent {
  /** The notification's id: another with the same takes its place. */
  readonly tag: string;
  readonly body: string;
  readonly data: ShownData;
  readonly locale: string;
  /** Nobody is alerted. */
  readonly isSilent?: boolean;
}

/** What is shown with the same tag, of which the next one takes the place. */
export type ShownBefore = Pick<Notification, "title" | "body"> & { readonly data: unknown };

export const REPLY = "reply";
/** Those of one conversation make no more than one sound in this time. The server pushes again after thirty seconds. */
const QUIET_MS = 25_000;
const catalogues = { en: pushEn, es: pushEs };

/** The service worker's texts, without the catalogues of the whole app. */
export function textOf(key: keyof typeof pushEn, locale: string, params: Params = {}): string {
  const language = matchLocale([locale]);
  return fillText(catalogues[language][key], params, language);
}

/** Makes a sound when it is the first with its tag, or says something new after a while. */
export function optionsOf(title: string, content: ShownContent, before: ShownBefore | undefined): ShownOptions {
  const { tag, body, data, locale, isSilent = false } = content;
  const canReply = typeof data.chatRoomId === "string" && data.userId !== null;
  const now = Date.now();
  const lastSound = numberOf(before?.data, "soundedAt") ?? 0;
  const isSame = before?.title === title && before.body === body && seqOf(before.data) === seqOf(data);
  const renotify = !isSilent && !isSame && Math.abs(now - lastSound) >= QUIET_MS;
  return {
    tag,
    body,
    data: { ...data, soundedAt: renotify ? now : lastSound },
    renotify,
    ...(isSilent && { silent: true }),
    timestamp: now,
    icon: "/icons/icon-192.png",
    badge: "/icons/badge-96.png",
    ...(canReply && { actions: [replyAction(locale)] }),
  };
}

/** Of which message a notification tells: a number that rises within a room; null of anything else. */
export function seqOf(data: unknown): number | null {
  return numberOf(data, "seq");
}

/** Pushed data are texts. */
function numberOf(data: unknown, name: string): number | null {
  const value = isRecord(data) ? Number(data[name]) : Number.NaN;
  return Number.isSafeInteger(value) ? value : null;
}

function replyAction(locale: string) {
  const title = textOf("push.reply", locale);
  return { action: REPLY, type: "text", title, placeholder: textOf("push.replyPlaceholder", locale) } as const;
}
