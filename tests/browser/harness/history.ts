/** Scrolling through a long conversation, and watching where things stand meanwhile. */
import type { Screen } from "./screen";

export interface Place {
  readonly seq: number;
  /** Pixels below the top of the page. */
  readonly top: number;
  /** At least partly inside the list. */
  readonly isVisible: boolean;
}

/** Turns the wheel, and waits until it has moved what can move. */
export async function turnWheel(screen: Screen, pixels: number): Promise<void> {
  const turn = await screen.log.evaluateHandle((log, distance) => {
    const room = distance < 0 ? log.scrollTop : log.scrollHeight - log.clientHeight - log.scrollTop;
    const { top: edge } = log.getBoundingClientRect();
    const first = [...log.querySelectorAll("[data-seq]")].find((one) => one.getBoundingClientRect().bottom > edge);
    const top = first?.getBoundingClientRect().top;
    const moved = new Promise<void>((resolve) => {
      const look = (): void => {
        if (first?.isConnected && first.getBoundingClientRect().top === top) requestAnimationFrame(look);
        else resolve();
      };
      if (room < 1) resolve();
      else look();
    });
    return { moved };
  }, pixels);
  await screen.page.mouse.wheel(0, pixels);
  await turn.evaluate(({ moved }) => moved);
}

/**
 * Waits until so much is in the document above the screen, or the conversation's first message is: what comes into view
 * next has been fetched.
 */
export function whenAbove(screen: Screen, pixels: number): Promise<void> {
  return screen.log.evaluate(
    (log, wanted) =>
      new Promise<void>((resolve) => {
        const look = (): void => {
          const { top = 0 } = log.querySelector("[data-seq]")?.getBoundingClientRect() ?? {};
          const isThere = log.getBoundingClientRect().top - top >= wanted || log.querySelector("[data-seq='1']");
          if (isThere) resolve();
          else requestAnimationFrame(look);
        };
        look();
      }),
    pixels,
  );
}

/**
 * Waits until the same messages stand at the same places in two looks, two frames apart.
 * @returns where those stand that are in the document, from top to bottom.
 */
export function settle(screen: Screen): Promise<Place[]> {
  return screen.log.evaluate(async (log) => {
    const frame = (): Promise<unknown> => new Promise((resolve) => requestAnimationFrame(resolve));
    const look = (): Place[] => {
      const list = log.getBoundingClientRect();
      return [...log.querySelectorAll("[data-seq]")].map((article) => {
        const { top, bottom } = article.getBoundingClientRect();
        const isVisible = bottom > list.top && top < list.bottom;
        return {
          seq: Number(article.getAttribute("data-seq")),
          top,
          isVisible,
        };
      });
    };
    for (let before = ""; ;) {
      await frame();
      await frame();
      const places = look();
      const now = JSON.stringify([places, log.scrollTop]);
      if (now === before) return places;
      before = now;
    }
  });
}

/** How far the wheel can turn the messages down, once nothing moves any more. */
export function roomAbove(screen: Screen): Promise<number> {
  return screen.log.evaluate((log) => log.scrollTop);
}

export async function visibleSeqs(screen: Screen): Promise<number[]> {
  return (await settle(screen)).filter(({ isVisible }) => isVisible).map(({ seq }) => seq);
}

export async function pointAtMessages(screen: Screen): Promise<void> {
  const box = await screen.log.boundingBox();
  if (box === null) throw new Error("The messages are not on the screen.");
  await screen.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
}
