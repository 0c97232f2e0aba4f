/** Scrolling through a long conversation, and watching where things stand meanwhile. */
import { twoFrames } from "./measures";
import type { Screen } from "./screen";

export interface Place {
  readonly seq: number;
  /** Pixels below the top of the page. */
  readonly top: number;
  /** At least partly inside the list. */
  readonly isVisible: boolean;
}

/** Where the messages stand that are in the document, from top to bottom. */
export function findPlaces(screen: Screen): Promise<Place[]> {
  return screen.log.evaluate((log) => {
    const frame = log.getBoundingClientRect();
    return [...log.querySelectorAll("[data-seq]")].map((article) => {
      const { top, bottom } = article.getBoundingClientRect();
      const isVisible = bottom > frame.top && top < frame.bottom;
      return { seq: Number(article.getAttribute("data-seq")), top, isVisible };
    });
  });
}

export async function visibleSeqs(screen: Screen): Promise<number[]> {
  return (await settle(screen)).filter(({ isVisible }) => isVisible).map(({ seq }) => seq);
}

/** Turns the wheel, and waits until nothing moves any more. */
export async function turnWheel(screen: Screen, pixels: number): Promise<Place[]> {
  await screen.page.mouse.wheel(0, pixels);
  return settle(screen);
}

/** Waits until the same messages stand at the same places in two looks, two frames apart. */
export async function settle(screen: Screen): Promise<Place[]> {
  let before = "";
  for (;;) {
    await twoFrames(screen.page);
    const places = await findPlaces(screen);
    const now = JSON.stringify(places);
    if (now === before) return places;
    before = now;
  }
}

export async function pointAtMessages(screen: Screen): Promise<void> {
  const box = await screen.log.boundingBox();
  if (box === null) throw new Error("The messages are not on the screen.");
  await screen.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
}
