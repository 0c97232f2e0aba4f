/** What was begun on one device goes on at another, and is not lost or overwritten anywhere. */
import { describe, expect } from "vitest";

import { PHONE, WITH_WORKER } from "../harness/devices";
import { journey } from "../harness/journey";
import type { Screen } from "../harness/screen";
import { whenDrafted } from "../harness/storage";
import { eventually, gone, seen } from "../harness/waiting";

describe("a draft", () => {
  journey("goes on at another device, in the list too, and ends on both when it is sent", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const phone = await devices.openConversation(va, company, roomId, PHONE);
    const desk = await devices.signIn(va);
    await phone.composer.pressSequentially("Friday suits");
    await seen(desk.entry(company.name).getByText("Draft: Friday suits"));
    await desk.open(company.name);
    expect(await desk.composer.inputValue()).toBe("Friday suits");
    await desk.composer.press("End");
    await desk.composer.pressSequentially(" me");
    await desk.sendButton.click();
    await seen(desk.tick("Friday suits me", "Sent"), phone.message("Friday suits me"));
    await eventually(() => phone.composer.inputValue()).toBe("");
    const later = await devices.openConversation(va, company, roomId);
    await seen(later.message("Friday suits me"));
    expect(await later.composer.inputValue()).toBe("");
  });

  journey("is there with what it answers on a device that is opened later", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const phone = await devices.openConversation(va, company, roomId);
    const other = await devices.openConversation(company, va, roomId);
    await other.send("Which day?");
    await (await phone.openActions("Which day?")).getByRole("menuitem", { name: "Reply" }).click();
    await seen(phone.page.getByText("Replying to"));
    await phone.composer.pressSequentially("Friday");
    await eventually(() => phone.wire.sent.filter(({ event }) => event === "save_draft").at(-1)?.payload).toMatchObject(
      {
        content: "Friday",
        replyTo: expect.any(String),
      },
    );
    const desk = await devices.openConversation(va, company, roomId);
    await eventually(() => desk.composer.inputValue()).toBe("Friday");
    await seen(desk.page.getByText("Replying to"), desk.page.locator(".hc-mode").getByText("Which day?"));
  });

  journey(
    "that is written without a network is saved when it is back, and nothing older comes over it",
    async ({ devices, host }) => {
      const { va, company, roomId } = await host.makePair();
      const train = await devices.openConversation(va, company, roomId, WITH_WORKER);
      await train.composer.pressSequentially("first");
      const desk = await devices.signIn(va);
      await seen(desk.entry(company.name).getByText("Draft: first"));
      await train.loseNetwork();
      await train.composer.press("End");
      await train.composer.pressSequentially(" and second");
      await whenDrafted(train, "first and second");
      await train.findNetwork();
      await seen(desk.entry(company.name).getByText("Draft: first and second"));
      expect(await train.composer.inputValue()).toBe("first and second");
    },
  );

  journey("is not put under the hand of somebody who is writing", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const one = await devices.openConversation(va, company, roomId);
    const two = await devices.openConversation(va, company, roomId);
    await one.composer.pressSequentially("from one");
    await two.composer.pressSequentially("from two");
    await saves(one, "from one");
    await saves(two, "from two");
    await two.composer.pressSequentially(" and on");
    await saves(two, "from two and on");
    expect(await two.composer.inputValue()).toBe("from two and on");
  });
});

describe("through a reload", () => {
  journey("an answer and an edit that was not finished are as they were", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const screen = await devices.openConversation(va, company, roomId);
    const other = await devices.openConversation(company, va, roomId);
    await other.send("Which day?");
    await (await screen.openActions("Which day?")).getByRole("menuitem", { name: "Reply" }).click();
    await screen.composer.pressSequentially("Fri");
    await whenDrafted(screen, "Fri");
    await screen.page.reload();
    await seen(screen.page.getByText("Replying to"), screen.page.locator(".hc-mode").getByText("Which day?"));
    expect(await screen.composer.inputValue()).toBe("Fri");
    await screen.composer.press("End");
    await screen.composer.pressSequentially("day");
    await screen.sendButton.click();
    await seen(other.message("Friday").getByRole("button", { name: /Which day\?/ }));
    await gone(screen.page.getByText("Replying to"));
    await screen.composer.press("ArrowUp");
    await screen.composer.fill("Monday, rather");
    await whenDrafted(screen, "Monday, rather");
    await screen.page.reload();
    await seen(screen.page.getByText("Editing your message"));
    expect(await screen.composer.inputValue()).toBe("Monday, rather");
    await screen.composer.press("Enter");
    await seen(other.message("Monday, rather"));
  });
});

function saves({ wire }: Screen, content: string): Promise<void> {
  return eventually(() =>
    wire.sent.some(({ event, payload }) => event === "save_draft" && payload.content === content),
  ).toBe(true);
}
