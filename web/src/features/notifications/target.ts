import type { NotificationRecord } from "../../realtime/types";

/** Where a notification leads: into the chat, or to a page of the marketplace around it. */
export type NavigationTarget =
  | { readonly kind: "chat"; readonly chatRoomId: string }
  | { readonly kind: "job"; readonly jobId: string }
  | { readonly kind: "contract"; readonly contractId: string };

export type Navigate = (target: NavigationTarget) => void;

/** Null when it leads nowhere. */
export function targetOf({ data }: Pick<NotificationRecord, "data">): NavigationTarget | null {
  const { chatRoomId, jobId, contractId } = data;
  if (isId(chatRoomId)) return { kind: "chat", chatRoomId };
  if (isId(jobId)) return { kind: "job", jobId };
  if (isId(contractId)) return { kind: "contract", contractId };
  return null;
}

/** The room it tells of; null when it tells of something else. */
export function roomOf({ data }: Pick<NotificationRecord, "data">): string | null {
  return isId(data.chatRoomId) ? data.chatRoomId : null;
}

function isId(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
