import {
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  type RefObject,
} from "react";

import { useTranslation } from "../../lib/i18n/useTranslation";
import { ownKeys } from "../../lib/ownKeys";
import { STILL_PX, useGestures } from "../../ui/useGestures";
import { useMediaQuery } from "../../ui/useMediaQuery";
import { draw } from "./bitmap";
import { middleOf, moveBy, zoomTo, WHOLE, type Crop } from "./crop";
import { usePictureTexts } from "./usePictureTexts";

interface CropStageProps {
  readonly picture: ImageBitmap;
  readonly crop: Crop;
  change(next: (before: Crop) => Crop): void;
}

/** A device that is held in the hand has no keys to be told of. */
const HELD = "(pointer: coarse) and (hover: none)";
/** Of the canvas, in pixels: as sharp as the largest stage on a screen of two pixels to one. */
const CANVAS = 640;
/** What a key moves by, in sides of the square, and enlarges by. */
const KEY_STEP = 0.05;
const KEY_SCALE = 1.2;

/** The square of a picture, moved and enlarged by hand and by keys, under a mask as round as it will be seen. */
export function CropStage({ picture, crop, change }: CropStageProps): ReactNode {
  const { t } = usePictureTexts();
  const stage = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const hintId = useId();
  const isHeld = useMediaQuery(HELD);
  const { said, press } = useKeys(picture, crop, change);
  const hand = useHand(stage, picture, crop, change);
  useLayoutEffect(() => {
    if (canvas.current !== null) draw(canvas.current, picture, crop);
  }, [picture, crop]);
  useEffect(() => stage.current?.focus(), []);
  return (
    <>
      <div
        ref={stage}
        className="hc-crop__stage"
        role="application"
        tabIndex={0}
        aria-label={t("crop.part")}
        aria-describedby={hintId}
        onKeyDown={ownKeys(press)}
        onClick={hand}
      >
        <canvas ref={canvas} className="hc-crop__canvas" width={CANVAS} height={CANVAS} aria-hidden="true" />
        <div className="hc-crop__mask" />
      </div>
      <p id={hintId} className="hc-crop__hint">
        {t(isHeld ? "crop.hintByHand" : "crop.hint")}
      </p>
      <p role="status" className="hc-hidden">
        {said}
      </p>
    </>
  );
}

const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** What keys do, and what is said of it to those who do not see it. */
function useKeys(picture: ImageBitmap, crop: Crop, change: CropStageProps["change"]) {
  const { t } = usePictureTexts();
  const { locale } = useTranslation();
  const [byKeys, setByKeys] = useState(false);
  const percent = new Intl.NumberFormat(locale, { style: "percent" });
  const { across, down } = middleOf(crop, picture);
  const place = { zoom: percent.format(crop.scale), across: percent.format(across), down: percent.format(down) };
  const nextOf = (key: string): ((before: Crop) => Crop) | null => {
    const [x, y] = ARROWS[key] ?? [0, 0];
    if (x !== 0 || y !== 0) return (before) => moveBy(before, x * KEY_STEP, y * KEY_STEP, picture);
    if (key === "+" || key === "=") return (before) => zoomTo(before, before.scale * KEY_SCALE, picture);
    if (key === "-") return (before) => zoomTo(before, before.scale / KEY_SCALE, picture);
    return key === "0" ? () => WHOLE : null;
  };
  const press = (event: KeyboardEvent): void => {
    const next = event.ctrlKey || event.metaKey || event.altKey ? null : nextOf(event.key);
    if (next === null) return;
    event.preventDefault();
    setByKeys(true);
    change(next);
  };
  return { said: byKeys ? t("crop.place", place) : "", press };
}

/** What fingers, a mouse and its wheel do. Returns what a press on a place does: that place comes to the middle. */
function useHand(
  stage: RefObject<HTMLDivElement | null>,
  picture: ImageBitmap,
  crop: Crop,
  change: CropStageProps["change"],
): (event: MouseEvent) => void {
  const dragged = useRef<Crop | null>(null);
  const isPress = useRef(false);
  const sides = (pixels: number): number => pixels / (stage.current?.clientWidth ?? 1);
  useGestures(stage, {
    drag: (x, y) => {
      const start = (dragged.current ??= crop);
      change(() => moveBy(start, sides(x), sides(y), picture));
    },
    drop: (x, y) => {
      dragged.current = null;
      isPress.current = Math.hypot(x, y) < STILL_PX;
    },
    pinch: (by, x, y) => {
      dragged.current = null;
      isPress.current = false;
      change((before) => zoomTo(before, before.scale * by, picture, sides(x), sides(y)));
    },
    // It is no drop: what has moved by a hair ends here.
    twice: () => {
      dragged.current = null;
    },
  });
  return ({ clientX, clientY, currentTarget }) => {
    if (!isPress.current) return;
    isPress.current = false;
    const { left, top, width, height } = currentTarget.getBoundingClientRect();
    const [x, y] = [(clientX - left) / width - 0.5, (clientY - top) / height - 0.5];
    change((before) => moveBy(before, -x, -y, picture));
  };
}
