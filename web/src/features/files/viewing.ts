import { WritableStore } from "../../lib/store";

/** A picture or video that somebody wants to see whole. */
export interface Viewed {
  readonly roomId: string;
  readonly fileId: string;
  /** What has the focus again when it was looked at. */
  readonly from: HTMLElement;
}

export const viewed = new WritableStore<Viewed | null>(null);
