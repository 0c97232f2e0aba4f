/** How much room files take in a message: known before anything that shows them is loaded, so that nothing moves then. */
import type { Attachment, AttachmentKind, ConversationItem, LocalFile } from "../../realtime/types";

/** A file of a message that the server has, or of one that waits here. */
export type ShownFile = Attachment | LocalFile;

export interface Frame {
  /** What is seen, in a grid: pictures and videos. */
  readonly pictures: readonly ShownFile[];
  /** All others, one below the other. */
  readonly others: readonly ShownFile[];
  /** Of the bubble, in rem. */
  readonly width: number;
  /** Width by height of the grid. */
  readonly ratio: number;
  /** How many of the others show a page. */
  readonly pages: number;
}

/** In rem. */
const WIDTH = 20;
const MIN_WIDTH = 14;
const MAX_HEIGHT = 22;
const PX_PER_REM = 16;
const LOWEST_RATIO = 0.7;
const HIGHEST_RATIO = 2.4;
/** Of what does not say how large it is. */
const UNKNOWN_RATIO = 4 / 3;
/** Of the grids of two, three, and four or more. */
const GRID_RATIOS = [1.6, 1.33, 1.18];

export function isSeen({ kind }: { readonly kind: AttachmentKind }): boolean {
  return kind === "image" || kind === "video";
}

/** The room that the files of a message take; null without any. */
export function frameOf(files: readonly ShownFile[]): Frame | null {
  if (files.length === 0) return null;
  const pictures = files.filter(isSeen);
  const others = files.filter((file) => !isSeen(file));
  const [only, another] = pictures;
  const single = only !== undefined && another === undefined ? only : null;
  const ratio = single === null ? (GRID_RATIOS[Math.min(pictures.length, 4) - 2] ?? 1) : ratioOf(single);
  const width = single === null || others.length > 0 ? WIDTH : widthOf(single, ratio);
  return { pictures, others, width, ratio, pages: others.filter(({ kind }) => kind === "pdf").length };
}

function ratioOf({ width, height }: ShownFile): number {
  if (!width || !height) return UNKNOWN_RATIO;
  return Math.min(Math.max(width / height, LOWEST_RATIO), HIGHEST_RATIO);
}

/** A high one is narrow, and a small one is not made as large as others. */
function widthOf({ width }: ShownFile, ratio: number): number {
  const natural = width ? width / PX_PER_REM : WIDTH;
  return Math.max(Math.min(natural, WIDTH, MAX_HEIGHT * ratio), MIN_WIDTH);
}

/** The files of a message that waits, as they are now: what is known of none of them is left out. */
export function localFilesOf(item: ConversationItem, local: ReadonlyMap<string, LocalFile>): readonly LocalFile[] {
  return (item.fileIds ?? []).flatMap((id) => local.get(id) ?? []);
}
