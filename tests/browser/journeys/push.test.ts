/** Pushes that really go from the server to a push service, and from there to the service worker. */
import { describe, expect } from "vitest";

import { Correspondent } from "../harness/correspondent";
import { journey } from "../harness/journey";
import { whenReached } from "../harness/pushBrowser";
import { lookAway } from "../harness/visibility";
import { eventually, seen } from "../harness/waiting";

describe("a push", () => {
  journey(
    "reaches somebody whose app is closed, opens the conversation, and is gone once it is read",
    async ({ devices, host, server, reach }) => {
      const { va, company, roomId } = await host.makePair();
      const { screen, browser } = await reach(va);
      await screen.page.close();
      const other = await Correspondent.connect(server, company);
      await other.send(roomId, "While you were out");
      const push = await browser.takePush();
      await eventually(() => browser.shown()).toEqual([
        {
          tag: push.collapseKey,
          title: company.name,
          body: "While you were out",
        },
      ]);
      const { opened } = await browser.click(push.collapseKey);
      expect(opened).toEqual([`/chat/${roomId}`]);
      const again = await devices.openTab(screen.page.context(), opened[0] ?? "");
      await seen(again.message("While you were out"));
      expect((await browser.takePush()).withdrawn).toBe(true);
      await eventually(() => browser.shown()).toEqual([]);
      other.close();
    },
  );

  journey("for a burst is one notification, that grows", async ({ host, server, reach }) => {
    const { va, company, roomId } = await host.makePair();
    const { screen, browser } = await reach(va);
    await screen.page.close();
    const other = await Correspondent.connect(server, company);
    await other.sendAll(roomId, ["one", "two", "three"]);
    const push = await browser.takePush();
    expect(push.badge).toBe(3);
    await eventually(() => browser.shown()).toEqual([
      { tag: push.collapseKey, title: company.name, body: "3 new messages" },
    ]);
    other.close();
  });

  journey("is taken away when the message is read on another device", async ({ devices, host, server, reach }) => {
    const { va, company, roomId } = await host.makePair();
    const { screen, browser } = await reach(va);
    await screen.page.close();
    const other = await Correspondent.connect(server, company);
    await other.send(roomId, "On which one?");
    const push = await browser.takeShown();
    const desk = await devices.openConversation(va, company, roomId);
    await seen(desk.message("On which one?"));
    expect(await browser.takePush()).toMatchObject({
      withdrawn: true,
      collapseKey: push.collapseKey,
    });
    await eventually(() => browser.shown()).toEqual([]);
    other.close();
  });

  journey(
    "is shown once while the app is open behind another window, and leads it to the conversation",
    async ({ host, server, reach }) => {
      const { va, company, roomId } = await host.makePair();
      const { screen, browser } = await reach(va);
      await lookAway(screen.page);
      const other = await Correspondent.connect(server, company);
      await other.send(roomId, "Behind the window");
      const push = await browser.takePush();
      await eventually(() => browser.shown()).toEqual([
        {
          tag: push.collapseKey,
          title: company.name,
          body: "Behind the window",
        },
      ]);
      expect(await browser.click(push.collapseKey)).toEqual({
        opened: [],
        focused: ["/chat"],
      });
      await seen(screen.conversationWith(company.name), screen.message("Behind the window"));
      other.close();
    },
  );

  journey("leads a window that the system has frozen to the conversation", async ({ host, server, reach }) => {
    const { va, company, roomId } = await host.makePair();
    const { screen, browser } = await reach(va);
    await lookAway(screen.page);
    const other = await Correspondent.connect(server, company);
    await other.send(roomId, "Under the ice");
    const push = await browser.takeShown();
    const page = await screen.page.context().newCDPSession(screen.page);
    await page.send("Page.setWebLifecycleState", { state: "frozen" });
    const went = await browser.click(push.collapseKey, { patienceMs: 0 });
    expect(went).toEqual({ opened: [], focused: ["/chat"] });
    await page.send("Page.setWebLifecycleState", { state: "active" });
    await seen(screen.conversationWith(company.name), screen.message("Under the ice"));
    other.close();
  });

  journey("is answered where it is shown, once, though the app is closed", async ({ devices, host, server, reach }) => {
    const { va, company, roomId } = await host.makePair();
    const { screen, browser } = await reach(va);
    await screen.page.close();
    const other = await Correspondent.connect(server, company);
    await other.send(roomId, "Are you free on Monday?");
    const { collapseKey } = await browser.takeShown();
    const { opened } = await browser.click(collapseKey, {
      reply: "Yes, from nine",
    });
    expect(opened).toEqual([`/chat/${roomId}`]);
    const again = await devices.openTab(screen.page.context(), opened[0] ?? "");
    await seen(again.tick("Yes, from nine", "Sent"));
    await again.page.reload();
    await seen(again.tick("Yes, from nine", "Sent"));
    const stored = await host.readRoom(va, roomId);
    expect(stored.map(({ content }) => content)).toEqual(["Are you free on Monday?", "Yes, from nine"]);
    other.close();
  });

  journey("is answered by the window that is open, once", async ({ host, server, reach }) => {
    const { va, company, roomId } = await host.makePair();
    const { screen, browser } = await reach(va);
    await lookAway(screen.page);
    const other = await Correspondent.connect(server, company);
    await other.send(roomId, "Still there?");
    const { collapseKey } = await browser.takeShown();
    expect(await browser.click(collapseKey, { reply: "Yes, here" })).toEqual({
      opened: [],
      focused: [],
    });
    const contents = async () => (await host.readRoom(va, roomId)).map(({ content }) => content);
    await eventually(contents).toEqual(["Still there?", "Yes, here"]);
    other.close();
  });

  journey("comes no more after signing out", async ({ host, server, pushService, reach }) => {
    const { va, company, roomId } = await host.makePair();
    const kept = await reach(va);
    const left = await reach(va);
    const { endpoint } = left.browser;
    await left.screen.chooseInMenu("Sign out");
    await seen(
      left.screen.page.getByRole("heading", {
        level: 1,
        name: "Sign in to Hyred Chat",
      }),
    );
    await eventually(() => left.browser.isSubscribed).toBe(false);
    await kept.screen.page.close();
    const other = await Correspondent.connect(server, company);
    await other.send(roomId, "For whoever is signed in");
    await kept.browser.takePush();
    expect(await pushService.listPushes(endpoint)).toEqual([]);
    other.close();
  });

  journey("on a shared browser is for whoever signed in last", async ({ devices, host, server, reach }) => {
    const { va, company, roomId } = await host.makePair();
    const second = await host.makePerson("va");
    const secondRoom = await host.makeRoom(second, company);
    const { screen, browser } = await reach(va);
    const context = screen.page.context();
    await screen.page.close(); // nobody signs out: a session ends with its tab
    await context.addInitScript((token) => {
      sessionStorage.setItem("hyred.session", JSON.stringify({ kind: "demo", token }));
    }, second.token);
    const next = await devices.openTab(context, "/chat");
    await seen(next.entry(company.name));
    await whenReached(next);
    await next.page.close();
    const other = await Correspondent.connect(server, company);
    await other.send(roomId, "For the first");
    await other.send(secondRoom, "For the second");
    expect((await browser.takePush()).body).toBe("For the second");
    other.close();
  });
});
