/** Choosing and recording files: from the buttons, the clipboard and the hand to the tray, and from there into a message. */
import type { Locator } from "playwright-core";
import { describe } from "vitest";

import { makePdf, makePhoto, type Sample } from "../harness/files";
import { journey } from "../harness/journey";
import type { Screen } from "../harness/screen";
import { eventually, gone, seen } from "../harness/waiting";

describe("whoever chooses files", () => {
  journey("sends several with a caption, while they are on their way", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const screen = await devices.openConversation(va, company, roomId);
    await choose(screen, [await makePhoto("beach.jpg"), makePdf("contract.pdf")]);
    await seen(card(screen, "beach.jpg"), card(screen, "contract.pdf"));
    await screen.composer.fill("As promised");
    await screen.sendButton.click();
    await seen(screen.message("As promised"));
    await gone(tray(screen));
    await eventually(async () => (await host.readRoom(va, roomId)).at(-1)).toMatchObject({
      content: "As promised",
      attachments: [
        { name: "beach.jpg", kind: "image" },
        { name: "contract.pdf", kind: "pdf" },
      ],
    });
  });
});

/** Chooses files as the button does. */
async function choose({ page }: Screen, samples: readonly Sample[], label = "File"): Promise<void> {
  await page.locator(`input[type=file][aria-label="${label}"]`).setInputFiles(samples.map(payloadOf));
}

function payloadOf({ name, contentType, bytes }: Sample): { name: string; mimeType: string; buffer: Buffer } {
  return { name, mimeType: contentType, buffer: bytes };
}

function tray({ page }: Screen): Locator {
  return page.getByRole("list", { name: "Files to send" });
}

function card(screen: Screen, name: string): Locator {
  return tray(screen).getByRole("listitem").filter({ hasText: name });
}
