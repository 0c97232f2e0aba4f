import { describe, expect, it } from "vitest";
import { MAX_SCALE, middleOf, moveBy, partAt, scaleAt, squareOf, WHOLE, zoomTo } from "./crop";

const WIDE = { width: 400, height: 200 };
const TALL = { width: 100, height: 300 };

describe("a crop", () => {
  it("begins with the middle of the picture, as much as there is room for", () => {
    expect(squareOf(WHOLE, WIDE)).toEqual({ left: 100, top: 0, side: 200 });
    expect(squareOf(WHOLE, TALL)).toEqual({ left: 0, top: 100, side: 100 });
  });

  it("shows what is further left when the picture is dragged to the right, up to its edge", () => {
    expect(squareOf(moveBy(WHOLE, 0.25, 0, WIDE), WIDE)).toEqual({ left: 50, top: 0, side: 200 });
    expect(squareOf(moveBy(WHOLE, 3, 3, WIDE), WIDE)).toEqual({ left: 0, top: 0, side: 200 });
    expect(squareOf(moveBy(WHOLE, -3, -3, TALL), TALL)).toEqual({ left: 0, top: 200, side: 100 });
  });

  it("comes back from an edge with the first drag the other way", () => {
    const atEdge = moveBy(WHOLE, 9, 0, WIDE);
    expect(squareOf(moveBy(atEdge, -0.1, 0, WIDE), WIDE).left).toBeCloseTo(20);
  });

  it("keeps what is under the fingers in its place while it is enlarged", () => {
    const near = zoomTo(WHOLE, 2, WIDE, -0.25, 0);
    const { left, top, side } = squareOf(near, WIDE);
    expect(side).toBe(100);
    // Before, the place was a quarter of the square from its left edge: 150 pixels into the picture.
    expect(left + 0.25 * side).toBeCloseTo(150);
    expect(top + 0.5 * side).toBeCloseTo(100);
  });

  it("is never smaller than the square, nor larger than its bound", () => {
    expect(zoomTo(WHOLE, 0.2, WIDE).scale).toBe(1);
    expect(zoomTo(WHOLE, 99, WIDE).scale).toBe(MAX_SCALE);
  });

  it("covers the square again when it is made smaller at an edge", () => {
    const corner = moveBy(zoomTo(WHOLE, 4, TALL), 9, 9, TALL);
    expect(squareOf(corner, TALL)).toEqual({ left: 0, top: 0, side: 25 });
    expect(squareOf(zoomTo(corner, 1, TALL), TALL)).toEqual({ left: 0, top: 0, side: 100 });
  });

  it("never leaves the picture, whatever is done to it", () => {
    let crop = WHOLE;
    for (let step = 0; step < 500; step++) {
      const [a, b] = [Math.sin(step * 12.9), Math.cos(step * 78.2)];
      crop = step % 2 === 0 ? moveBy(crop, a, b, WIDE) : zoomTo(crop, crop.scale * (1 + a / 2), WIDE, b / 2, a / 2);
      const { left, top, side } = squareOf(crop, WIDE);
      expect(Math.min(left, top)).toBeGreaterThanOrEqual(0);
      expect([left + side <= WIDE.width + 1e-9, top + side <= WIDE.height + 1e-9]).toEqual([true, true]);
    }
  });

  it("says where its middle is in the picture", () => {
    expect(middleOf(WHOLE, WIDE)).toEqual({ across: 0.5, down: 0.5 });
    expect(middleOf(moveBy(WHOLE, 9, 0, WIDE), WIDE)).toEqual({ across: 0.25, down: 0.5 });
  });

  it("is enlarged by the same share with each step of the slider", () => {
    expect([scaleAt(0), scaleAt(1)]).toEqual([1, MAX_SCALE]);
    expect(scaleAt(0.5) / scaleAt(0.25)).toBeCloseTo(scaleAt(0.75) / scaleAt(0.5));
    expect(partAt(scaleAt(0.3))).toBeCloseTo(0.3);
  });
});
