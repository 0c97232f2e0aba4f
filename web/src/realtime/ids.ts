/**
 * A UUID of version 7 (RFC 9562, section 5.7): it begins with the time, so that the server's index of the messages of a
 * sender grows at one end. Made by hand, as `crypto.randomUUID` knows version 4 alone, and is denied to pages without TLS.
 */
export function newId(now = Date.now()): string {
  const random = crypto.getRandomValues(new Uint8Array(10));
  random[0] = ((random[0] ?? 0) & 0x0f) | 0x70;
  random[2] = ((random[2] ?? 0) & 0x3f) | 0x80;
  const time = now.toString(16).padStart(12, "0");
  const hex = time + [...random].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
