import type { NotificationRecord } from "../../realtime/types";
import type { MarketplacePages } from "../session/appConfig";

/** Where a notification leads: into the chat, or to a page of the marketplace around it. */
export type NavigationTarget =
  | { readonly kind: "chat"; readonly chatRoomId: string }
  | { readonly kind: "job"; readonly jobId: string }
  | { readonly kind: "contract"; readonly contractId: string };

export type Navigate = (target: NavigationTarget) => void;

/** Who takes people where a notification leads. */
export interface Guide {
  readonly onNavigate: Navigate;
  /** The address of a page that a link leads to; null where nothing leads; undefined, or without it: by `onNavigate`. */
  readonly addressOf?: (target: NavigationTarget) => string | null | undefined;
}

/** An address, or what leads there. */
export type Way = string | (() => void);

/** Null when it leads nowhere. */
export function targetOf({ data }: Pick<NotificationRecord, "data">): NavigationTarget | null {
  const { chatRoomId, jobId, contractId } = data;
  if (isId(chatRoomId)) return { kind: "chat", chatRoomId };
  if (isId(jobId)) return { kind: "job", jobId };
  if (isId(contractId)) return { kind: "contract", contractId };
  return null;
}

/** Null when it leads nowhere. */
export function wayOf(notification: Pick<NotificationRecord, "data">, guide: Guide): Way | null {
  const target = targetOf(notification);
  if (target === null) return null;
  const address = guide.addressOf?.(target);
  return address === undefined ? () => guide.onNavigate(target) : address;
}

/** The address of the marketplace's page; null where it has none; undefined when the target is in the chat. */
export function pageOf(target: NavigationTarget, { jobUrl, contractUrl }: MarketplacePages): string | null | undefined {
  if (target.kind === "chat") return undefined;
  const [template, id] = target.kind === "job" ? [jobUrl, target.jobId] : [contractUrl, target.contractId];
  // Browsers take one dot, or two, for a step to another folder.
  if (template === null || /^\.{1,2}$/.test(id)) return null;
  return template.replace("{id}", encodeURIComponent(id));
}

/** The room it tells of; null when it tells of something else. */
export function roomOf({ data }: Pick<NotificationRecord, "data">): string | null {
  return isId(data.chatRoomId) ? data.chatRoomId : null;
}

function isId(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
