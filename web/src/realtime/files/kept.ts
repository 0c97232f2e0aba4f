/** A file that is on its way, as values: what this device keeps of it, and what of that others see. */
import { ChatError } from "../../lib/api/chatError";
import type { AttachmentKind, LocalFile, PickedFile } from "../types";

/** What is kept beside the bytes. It goes to other tabs, too, so it is plain data. */
export interface KeptFile extends Omit<LocalFile, "error"> {
  readonly isVoice: boolean;
  /** Rises with every file that was added on this device. */
  readonly order: number;
  /** By this device's clock (epoch milliseconds). */
  readonly addedAt: number;
  /** When it was last made part of a message; 0: never. */
  readonly claimedAt: number;
  /** As the server knows it; null until it was announced. */
  readonly serverId: string | null;
  readonly uploadUrl: string | null;
  /** How often the server had forgotten it, and it was announced anew. */
  readonly renewals: number;
  /** Nobody wants it any more; what is left is to tell the server. */
  readonly isRemoved: boolean;
  readonly error: KeptError | null;
}

export interface KeptError {
  readonly code: string;
  readonly message: string;
  readonly details?: unknown;
  /** By this device's clock (epoch milliseconds): when it may be tried again, where the server has said that. */
  readonly retryAt?: number;
}

/** What `send_message` says of a file. */
export type Sendable = string | { readonly id: string; readonly alt: string };

/** A file that the server knows nothing of, and that is to be uploaded from its beginning. */
export const UNANNOUNCED = { state: "waiting", sentBytes: 0, serverId: null, uploadUrl: null, error: null } as const;

/** A file as it is when it is added. */
export function keptOf(picked: PickedFile, given: Pick<KeptFile, "id" | "roomId" | "order" | "addedAt">): KeptFile {
  const { blob, name, voice, width = null, height = null } = picked;
  return {
    ...given,
    ...UNANNOUNCED,
    clientMessageId: null,
    name,
    size: blob.size,
    contentType: blob.type,
    kind: voice ? "voice" : kindOf(blob.type),
    width,
    height,
    durationMs: voice?.durationMs ?? null,
    waveform: voice?.waveform ?? null,
    alt: "",
    isVoice: voice !== undefined,
    claimedAt: 0,
    renewals: 0,
    isRemoved: false,
  };
}

/** What views see of it. */
export function viewOf(kept: KeptFile): LocalFile {
  const { id, roomId, clientMessageId, name, size, contentType, kind, width, height } = kept;
  const { durationMs, waveform, alt, state, sentBytes } = kept;
  const seen = { id, roomId, clientMessageId, name, size, contentType, kind, width, height };
  return { ...seen, durationMs, waveform, alt, state, sentBytes, error: kept.error && errorOf(kept.error) };
}

export function errorOf({ code, message, details = null, retryAt }: KeptError): ChatError {
  return new ChatError(code, message, retryAt === undefined ? null : Math.max(0, retryAt - Date.now()), details);
}

export function keptErrorOf({ code, message, details, retryAfterMs }: ChatError): KeptError {
  const retry = retryAfterMs !== null && { retryAt: Date.now() + retryAfterMs };
  return { code, message, ...(details !== null && { details }), ...retry };
}

/**
 * What the server is told of the files of a message, in their order; why it cannot be sent; or null while any of them is
 * on its way.
 */
export function sendablesOf(files: readonly (KeptFile | undefined)[]): readonly Sendable[] | ChatError | null {
  const refused = files.find((file) => file === undefined || file.state === "refused");
  if (refused?.error) return errorOf(refused.error);
  if (files.some((file) => file === undefined)) return lostError();
  const sendables = files.map((file) => (file?.state === "ready" ? sendableOf(file) : null));
  return sendables.some((each) => each === null) ? null : (sendables as Sendable[]);
}

/** This device has its bytes no more. */
export function lostError(): ChatError {
  return new ChatError("not_found", "This device does not have the file any more.");
}

function sendableOf({ serverId, alt }: KeptFile): Sendable {
  const id = serverId ?? "";
  return alt === "" ? id : { id, alt };
}

function kindOf(contentType: string): AttachmentKind {
  const [family] = contentType.split("/");
  if (family === "image" && contentType !== "image/svg+xml") return "image";
  if (family === "video" || family === "audio") return family;
  return contentType === "application/pdf" ? "pdf" : "file";
}
