/** A browser's decoder and encoder of pictures, which happy-dom has not. */
import { vi } from "vitest";

export interface Drawn {
  readonly width: number;
  readonly height: number;
  readonly type: string;
  /** It was not drawn, but put there as it was. */
  readonly isPlaced?: true;
}

/** Every picture has these pixels, and so many bytes when it is written anew. Returns what was written. */
export function stubPictures(width: number, height: number, bytes: number): Drawn[] {
  const drawn: Drawn[] = [];
  vi.stubGlobal("createImageBitmap", () => Promise.resolve({ width, height, close: () => undefined }));
  class Canvas {
    constructor(
      readonly width: number,
      readonly height: number,
    ) {}
    #isPlaced = false;
    getContext(kind: string): object | null {
      return kind === "bitmaprenderer" ? { transferFromImageBitmap: () => void (this.#isPlaced = true) } : null;
    }
    convertToBlob({ type }: { readonly type: string }): Promise<Blob> {
      const placed = this.#isPlaced && ({ isPlaced: true } as const);
      drawn.push({ width: this.width, height: this.height, type, ...placed });
      return Promise.resolve(new Blob([new Uint8Array(bytes)], { type }));
    }
  }
  vi.stubGlobal("OffscreenCanvas", Canvas);
  return drawn;
}

/** A quick decoder of JPEG: every picture is this frame, or cannot be read. */
export function stubDecoder(frame: Readonly<Record<string, number | boolean>> | Error): void {
  class Frame {
    close(): void {
      // It holds nothing.
    }
  }
  Object.assign(Frame.prototype, frame instanceof Error ? { rotation: 0 } : frame);
  class Decoder {
    decode(): Promise<{ readonly image: Frame }> {
      return frame instanceof Error ? Promise.reject(frame) : Promise.resolve({ image: new Frame() });
    }
    close(): void {
      // As above.
    }
  }
  vi.stubGlobal("VideoFrame", Frame);
  vi.stubGlobal("ImageDecoder", Decoder);
}

export function makeFile(name: string, type: string, size = 1_000): File {
  return new File([new Uint8Array(size)], name, { type });
}
