/** People who do not want to talk with one another any more, and what is told to those who look after all. */
import { describe, expect } from "vitest";

import { Correspondent } from "../harness/correspondent";
import { PHONE, WITH_WORKER } from "../harness/devices";
import { journey } from "../harness/journey";
import type { Screen } from "../harness/screen";
import { eventually, gone, seen } from "../harness/waiting";

describe("somebody", () => {
  journey(
    "is blocked after a word about it, and unblocked where one would write",
    async ({ devices, host, server }) => {
      const { va, company, roomId } = await host.makePair();
      await say(server, company, roomId, "Let us talk elsewhere");
      const [mine, theirs] = [
        await devices.openConversation(va, company, roomId),
        await devices.openConversation(company, va, roomId, PHONE),
      ];
      const dialog = await ask(mine, "Block…");
      await seen(dialog.getByText(/Neither of you can write to the other/));
      await dialog.getByRole("button", { name: "Block" }).click();
      await seen(mine.page.getByText(`You have blocked ${company.name}`));
      await gone(mine.composer);
      await seen(theirs.page.getByText("This conversation is closed."));
      await gone(theirs.page.getByText(/blocked/i));
      await mine.page.getByRole("main").getByRole("button", { name: "Unblock" }).click();
      await seen(mine.composer, theirs.composer);
    },
  );

  journey("is blocked without a network, and once there is one", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const [mine, theirs] = [
      await devices.openConversation(va, company, roomId, WITH_WORKER),
      await devices.openConversation(company, va, roomId),
    ];
    await mine.loseNetwork();
    const dialog = await ask(mine, "Block…");
    await dialog.getByRole("button", { name: "Block" }).click();
    await seen(mine.page.getByText(`You have blocked ${company.name}`));
    await seen(theirs.composer);
    await mine.findNetwork();
    await gone(theirs.composer);
    const preferences = await mine.openPreferences();
    await preferences.getByRole("button", { name: `Unblock ${company.name}` }).click();
    await seen(preferences.getByText(/^Nobody. You can block/));
    await seen(theirs.composer);
  });

  journey("whose block was done offline and is refused is not blocked, with a word", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const [mine, theirs] = [
      await devices.openConversation(va, company, roomId, WITH_WORKER),
      await devices.openConversation(company, va, roomId),
    ];
    mine.guard.allow(/403/);
    await mine.page.route("**/block", (route) =>
      route.fulfill({ status: 403, json: { success: false, error: "No.", code: "access_denied" } }),
    );
    await mine.loseNetwork();
    const dialog = await ask(mine, "Block…");
    await dialog.getByRole("button", { name: "Block" }).click();
    await seen(mine.page.getByText(`You have blocked ${company.name}`));
    await gone(mine.composer);
    await mine.findNetwork();
    await seen(mine.page.getByRole("status").filter({ hasText: "The block stays as it was." }));
    await gone(mine.page.getByText(`You have blocked ${company.name}`));
    await mine.send("So let us talk");
    await seen(theirs.message("So let us talk"));
  });

  journey("is reported with a reason and a note, once", async ({ devices, host, server }) => {
    const { va, company, roomId } = await host.makePair();
    await say(server, company, roomId, "Send me your fee first");
    const screen = await devices.openConversation(va, company, roomId);
    const dialog = await ask(screen, "Report…");
    expect(await dialog.getByRole("button", { name: "Send report" }).isDisabled()).toBe(true);
    await dialog.getByRole("radio", { name: "Fraud, or asking for money" }).check();
    await dialog.getByRole("textbox").fill("Wanted 50 dollars.");
    await dialog.getByRole("button", { name: "Send report" }).click();
    await seen(dialog.getByText("Thank you. Our team looks at it."));
    await dialog.getByRole("button", { name: "Done" }).click();
    const [report] = await host.listReports(company);
    expect(report).toMatchObject({
      reason: "fraud",
      note: "Wanted 50 dollars.",
    });
    const again = await ask(screen, "Report…");
    await again.getByRole("radio", { name: "Spam" }).check();
    await again.getByRole("button", { name: "Send report" }).click();
    await seen(again.getByText(/You have reported this before/));
    await eventually(async () => (await host.listReports(company)).length).toBe(1);
  });
});

async function ask(screen: Screen, item: string) {
  await screen.page.getByRole("button", { name: "Conversation menu" }).click();
  await screen.page.getByRole("menuitem", { name: item }).click();
  const dialog = screen.page.getByRole("dialog");
  await dialog.waitFor();
  return dialog;
}

async function say(
  ...[server, person, roomId, text]: [
    Parameters<typeof Correspondent.connect>[0],
    Parameters<typeof Correspondent.connect>[1],
    string,
    string,
  ]
) {
  const writer = await Correspondent.connect(server, person);
  await writer.send(roomId, text);
  writer.close();
}
