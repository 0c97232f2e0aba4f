import { act } from "react";
import { beforeEach, describe, expect, it } from "vitest";

import { ChatError } from "../../lib/api/chatError";
import { MemoryDatabase } from "../../lib/storage/memoryDatabase";
import { WritableStore } from "../../lib/store";
import { ViewBench } from "../../lib/viewBench.fixture";
import { Device } from "../../realtime/device";
import { DraftBook } from "../../realtime/drafts";
import { KeptEdits } from "../../realtime/refusedEdits";
import { anEdit, anOwnMessage, MAYA } from "../../realtime/testing/samples";
import type {
  ChatClient,
  Conversation,
  ConversationItem,
  ConversationState,
  EditAction,
  Refusal,
  User,
  WritingMode,
} from "../../realtime/types";
import { ChatClientProvider } from "../session";
import { useRefusedEdits } from "./useRefusedEdits";

const anItem = (seq: number, change: Partial<ConversationItem> = {}): ConversationItem => ({
  ...anOwnMessage(seq),
  key: `own-${seq}`,
  state: "sent",
  error: null,
  ...change,
});

describe("the composer", () => {
  const view = new ViewBench();
  let drafts: DraftBook;
  let edits: KeptEdits;
  let me: WritableStore<User | null>;
  let refusals: WritableStore<Refusal | null>;
  let client: ChatClient;

  function Banner({ items }: { readonly items: readonly ConversationItem[] }) {
    useRefusedEdits({ roomId: "room" } as Conversation, { items } as ConversationState);
    return null;
  }
  const show = async (...items: ConversationItem[]): Promise<void> => {
    view.show(
      <ChatClientProvider client={client}>
        <Banner items={items} />
      </ChatClientProvider>,
    );
    await view.settle();
  };
  const refuse = async (action: EditAction, error = new ChatError("too_late", ""), roomId = "room"): Promise<void> => {
    await edits.keep(roomId, action, error);
    act(() => refusals.set({ action, roomId, error }));
    await view.settle();
  };
  const mode = () => drafts.modeOf("room");

  beforeEach(() => {
    refusals = new WritableStore<Refusal | null>(null);
    me = new WritableStore<User | null>(MAYA);
    drafts = new DraftBook();
    edits = new KeptEdits(new Device(new MemoryDatabase()), drafts, refusals);
    client = { me, refusals, drafts, refusedEdits: () => Promise.resolve(edits) } as unknown as ChatClient;
  });

  it("has a refused text again, beside what the message says on the server by now", async () => {
    await show(anItem(1));
    const present = anOwnMessage(1, { content: "from the phone", change: 7 });
    const conflict = new ChatError("conflict", "", null, { message: present });
    await refuse(anEdit(1, "mine"), conflict);
    expect(mode()).toMatchObject({ kind: "edit", text: "mine", before: "from the phone", ifChange: 7 });
    act(() => drafts.setMode("room", null));
    await show(anItem(1, { content: "once more", change: 9 }));
    await refuse(anEdit(1, "mine"), conflict);
    expect(mode()).toMatchObject({ text: "mine", before: "once more", ifChange: 9 });
  });

  it("takes it when it is for nothing else, and when the message is there", async () => {
    const answer = { kind: "reply", key: "own-2", quote: { id: "message-2" } } as WritingMode;
    drafts.setMode("room", answer);
    await show(anItem(1));
    await refuse(anEdit(9, "of a message that is not loaded"));
    await refuse(anEdit(1, "mine"));
    expect(mode()).toEqual(answer);
    act(() => drafts.setMode("room", null));
    await view.settle();
    expect(mode()).toMatchObject({ key: "own-1", text: "mine", before: "text 1" });
    act(() => drafts.setMode("room", null));
    await view.settle();
    expect(mode()).toBeNull();
    await show(anItem(1), anItem(9));
    expect(mode()).toMatchObject({ key: "own-9", text: "of a message that is not loaded" });
  });

  it("waits until what was begun on this device is known", async () => {
    me.set(null);
    await show(anItem(1));
    await refuse(anEdit(1, "mine"));
    expect(mode()).toBeNull();
    act(() => me.set(MAYA));
    await view.settle();
    expect(mode()).toMatchObject({ text: "mine" });
  });

  it("is left alone by texts for other rooms, and for what was deleted", async () => {
    await show(anItem(1), anItem(2, { deletedAt: "2026-01-02T00:00:00Z" }));
    await refuse(anEdit(1, "elsewhere"), undefined, "another room");
    await refuse(anEdit(2, "of nothing"));
    expect([mode(), edits.waiting.getSnapshot().map(({ roomId }) => roomId)]).toEqual([null, ["another room"]]);
  });
});
