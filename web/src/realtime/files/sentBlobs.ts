/** The files that became attachments while this page was open: the newest of them, up to bounds. */
const MAX_FILES = 20;
const MAX_BYTES = 50 * 1024 * 1024;

export class SentBlobs {
  readonly #blobs = new Map<string, Blob>();

  get(attachmentId: string): Blob | undefined {
    return this.#blobs.get(attachmentId);
  }

  put(attachmentId: string, blob: Blob): void {
    this.#blobs.set(attachmentId, blob);
    let bytes = [...this.#blobs.values()].reduce((sum, { size }) => sum + size, 0);
    for (const [id, { size }] of this.#blobs) {
      if (this.#blobs.size <= MAX_FILES && bytes <= MAX_BYTES) return;
      this.#blobs.delete(id);
      bytes -= size;
    }
  }
}
