/** Of something on the screen or in a picture, in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}
