/** Files as people send them: real ones, made when they are needed, and sent by “the other person”. */
import { spawn } from "node:child_process";
import { text as readAll } from "node:stream/consumers";

import type { Person } from "./host";
import { PYTHON, ROOT, type Server } from "./server";
import { eventually } from "./waiting";

/** A file before it is sent. */
export interface Sample {
  readonly name: string;
  readonly contentType: string;
  readonly bytes: Buffer;
  /** Recorded in the chat, and not chosen. */
  readonly voice?: boolean;
  /** What can be seen, in words. */
  readonly alt?: string;
}

export interface SentFile {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly url: string;
  readonly previewUrl: string | null;
}

export interface SentMessage {
  readonly id: string;
  readonly seq: number;
  readonly attachments: readonly SentFile[];
}

interface Size {
  readonly width?: number;
  readonly height?: number;
  /** Others look otherwise. */
  readonly seed?: number;
  /** How strong the noise of the sensor is. */
  readonly grain?: number;
}

const made = new Map<string, Promise<Buffer>>();

/** A photograph of 800×600 pixels, unless it says otherwise. */
export async function makePhoto(
  name: string,
  { width = 800, height = 600, seed = 1, grain = 0 }: Size = {},
): Promise<Sample> {
  return sample(name, "image/jpeg", { make: "picture", kind: "JPEG", width, height, seed, grain });
}

export async function makePng(name: string, { width = 800, height = 600, seed = 1 }: Size = {}): Promise<Sample> {
  return sample(name, "image/png", { make: "picture", kind: "PNG", width, height, seed });
}

/** Begins like a picture, and is none. */
export async function makeBrokenPng(name: string): Promise<Sample> {
  const { bytes } = await makePng(name);
  return { name, contentType: "image/png", bytes: Buffer.concat([bytes.subarray(0, 60), Buffer.alloc(200, 7)]) };
}

/** A picture that moves. */
export async function makeGif(name: string, { width = 240, height = 180, seed = 1 }: Size = {}): Promise<Sample> {
  return sample(name, "image/gif", { make: "picture", kind: "GIF", width, height, seed });
}

/** A film of two seconds in MP4. */
export async function makeFilm(name: string, { width = 320, height = 240, seed = 1 }: Size = {}): Promise<Sample> {
  return sample(name, "video/mp4", { make: "movie", width, height, seed, seconds: 2 });
}

/** Something that was spoken, as Chromium records it. */
export async function makeVoice(seconds = 2, seed = 1): Promise<Sample> {
  const spoken = { make: "sound", container: "webm", codec: "libopus", seed, seconds };
  return { ...(await sample("voice.webm", "audio/webm", spoken)), voice: true };
}

export async function makeWav(name: string, seconds = 2, seed = 1): Promise<Sample> {
  return sample(name, "audio/wav", { make: "sound", container: "wav", codec: "pcm_s16le", seed, seconds });
}

/** A document of one page with a few words. */
export function makePdf(name: string, words = "Agreement"): Sample {
  const stream = `BT /F1 24 Tf 60 700 Td (${words}) Tj ET`;
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
    `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
  ];
  let body = "%PDF-1.4\n";
  const places = objects.map((object, index) => {
    const place = body.length;
    body += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(place).padStart(10, "0")} 00000 n \n`;
  });
  const size = objects.length + 1;
  const table = `xref\n0 ${size}\n0000000000 65535 f \n${places.join("")}`;
  const end = `trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${body.length}\n%%EOF\n`;
  return { name, contentType: "application/pdf", bytes: Buffer.from(body + table + end, "latin1") };
}

export function makeText(name: string, content = "Nothing to see here.\n"): Sample {
  return { name, contentType: "text/plain", bytes: Buffer.from(content) };
}

/**
 * “The other person” uploads files and sends them in one message, by REST and tus. `content`: what is written with them.
 * Returns the message as they see it.
 */
export async function sendFiles(
  server: Server,
  person: Person,
  roomId: string,
  files: readonly Sample[],
  content = "",
): Promise<SentMessage> {
  const ids = await Promise.all(files.map((file) => uploadFile(server, person, roomId, file)));
  const attachments = ids.map((id, index) => ({ id, alt: files[index]?.alt ?? null }));
  const message = { content, attachments, clientMessageId: crypto.randomUUID() };
  return ask<SentMessage>(server, person, `/api/chat/rooms/${roomId}/messages`, message);
}

/** Uploads a file, and waits until it can be sent. Returns its id. */
export async function uploadFile(server: Server, person: Person, roomId: string, file: Sample): Promise<string> {
  const { name, contentType, bytes, voice = false } = file;
  const announced = { name, contentType, size: bytes.length, voice };
  const path = `/api/chat/rooms/${roomId}/files`;
  const { fileId, uploadUrl } = await ask<{ fileId: string; uploadUrl: string }>(server, person, path, announced);
  const answer = await fetch(new URL(uploadUrl, server.url), {
    method: "PATCH",
    headers: {
      authorization: `Bearer ${person.token}`,
      "tus-resumable": "1.0.0",
      "upload-offset": "0",
      "content-type": "application/offset+octet-stream",
    },
    body: new Uint8Array(bytes),
  });
  if (answer.status !== 204) throw new Error(`${name}: ${answer.status} ${await answer.text()}`);
  const look = async () => (await ask<{ state: string }>(server, person, `/api/chat/files/${fileId}/state`)).state;
  await eventually(look, `the state of ${name}`).toMatch(/ready|refused/);
  return fileId;
}

/** The room as somebody has it over REST: posts with a body, and gets without one. */
async function ask<T>(server: Server, person: Person, path: string, body?: object): Promise<T> {
  const answer = await fetch(server.url + path, {
    method: body ? "POST" : "GET",
    headers: { authorization: `Bearer ${person.token}`, "content-type": "application/json" },
    body: body ? JSON.stringify(body) : null,
  });
  const envelope = (await answer.json()) as { success: boolean; data: T; error?: string };
  if (!envelope.success) throw new Error(`${path}: ${answer.status} ${envelope.error}`);
  return envelope.data;
}

async function sample(name: string, contentType: string, asked: object): Promise<Sample> {
  const key = JSON.stringify(asked);
  const making = made.get(key) ?? make(asked);
  made.set(key, making);
  return { name, contentType, bytes: await making };
}

/** What `sample_files.py` makes. */
async function make(asked: object): Promise<Buffer> {
  const child = spawn(PYTHON, ["-m", "tests.browser.harness.sample_files"], { cwd: ROOT });
  child.stderr.pipe(process.stderr);
  child.stdin.end(JSON.stringify([asked]));
  const [bytes] = JSON.parse(await readAll(child.stdout)) as [string];
  return Buffer.from(bytes, "base64");
}
