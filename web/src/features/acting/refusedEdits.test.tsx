import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { ChatError } from "../../lib/api/chatError";
import { WritableStore } from "../../lib/store";
import { anOwnMessage } from "../../realtime/testing/samples";
import type {
  ChatClient,
  Conversation,
  ConversationItem,
  ConversationState,
  EditAction,
  Refusal,
  WritingMode,
} from "../../realtime/types";
import { ChatClientProvider } from "../session";
import { RefusedEdits } from "./refusedEdits";
import { useRefusedEdits } from "./useRefusedEdits";

const anEdit = (seq: number, content: string): EditAction => ({
  kind: "edit",
  messageId: `message-${seq}`,
  clientMessageId: `own-${seq}`,
  content,
  before: `text ${seq}`,
  ifChange: 0,
});
const aRefusal = (action: Refusal["action"], error = new ChatError("too_late", ""), roomId = "room"): Refusal => ({
  action,
  roomId,
  error,
});
const anItem = (seq: number, change: Partial<ConversationItem> = {}): ConversationItem => ({
  ...anOwnMessage(seq),
  key: `own-${seq}`,
  state: "sent",
  error: null,
  ...change,
});

describe("what was refused", () => {
  const contentsOf = (edits: RefusedEdits) => edits.waiting.getSnapshot().map(({ action }) => action.content);

  it("waits, of each message the last text, until it is taken", () => {
    const refusals = new WritableStore<Refusal | null>(aRefusal(anEdit(1, "before anybody looked")));
    const edits = new RefusedEdits(refusals);
    refusals.set(aRefusal(anEdit(2, "two")));
    refusals.set(aRefusal({ kind: "delete", messageId: "message-3" }));
    refusals.set(aRefusal(anEdit(1, "again")));
    expect(contentsOf(edits)).toEqual(["two", "again"]);
    edits.take(edits.waiting.getSnapshot()[0]!);
    expect(contentsOf(edits)).toEqual(["again"]);
  });

  it("has a bound", () => {
    const refusals = new WritableStore<Refusal | null>(null);
    const edits = new RefusedEdits(refusals);
    for (let seq = 1; seq <= 100; seq++) refusals.set(aRefusal(anEdit(seq, `text ${seq}`)));
    expect([contentsOf(edits).length, contentsOf(edits).at(-1)]).toEqual([20, "text 100"]);
  });
});

describe("the composer", () => {
  const drafts = {
    mode: null as WritingMode | null,
    listeners: new Set<() => void>(),
    modeOf: () => drafts.mode,
    setMode: (_roomId: string, mode: WritingMode | null) => {
      drafts.mode = mode;
      for (const listener of [...drafts.listeners]) listener();
    },
    subscribe: (listener: () => void) => {
      drafts.listeners.add(listener);
      return () => drafts.listeners.delete(listener);
    },
  };
  let refusals: WritableStore<Refusal | null>;
  let client: ChatClient;
  let root: Root;

  function Banner({ items }: { readonly items: readonly ConversationItem[] }) {
    useRefusedEdits({ roomId: "room" } as Conversation, { items } as ConversationState);
    return null;
  }
  const show = (...items: ConversationItem[]): void =>
    act(() =>
      root.render(
        <ChatClientProvider client={client}>
          <Banner items={items} />
        </ChatClientProvider>,
      ),
    );

  beforeEach(() => {
    vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
    drafts.mode = null;
    refusals = new WritableStore<Refusal | null>(null);
    client = { refusals, drafts } as unknown as ChatClient;
    root = createRoot(document.createElement("div"));
  });
  afterEach(() => act(() => root.unmount()));

  it("has a refused text again, beside what the message says on the server by now", () => {
    show(anItem(1));
    const present = anOwnMessage(1, { content: "from the phone", change: 7 });
    const conflict = new ChatError("conflict", "", null, { message: present });
    act(() => refusals.set(aRefusal(anEdit(1, "mine"), conflict)));
    expect(drafts.mode).toMatchObject({ kind: "edit", text: "mine", before: "from the phone", ifChange: 7 });
  });

  it("takes it when it is for nothing else, and when the message is there", () => {
    const answer = { kind: "reply", key: "own-2" } as WritingMode;
    drafts.setMode("room", answer);
    show(anItem(1));
    act(() => refusals.set(aRefusal(anEdit(9, "of a message that is not loaded"))));
    act(() => refusals.set(aRefusal(anEdit(1, "mine"))));
    expect(drafts.mode).toBe(answer);
    act(() => drafts.setMode("room", null));
    expect(drafts.mode).toMatchObject({ key: "own-1", text: "mine", before: "text 1" });
    act(() => drafts.setMode("room", null));
    expect(drafts.mode).toBeNull();
    show(anItem(1), anItem(9));
    expect(drafts.mode).toMatchObject({ key: "own-9", text: "of a message that is not loaded" });
  });

  it("is left alone by texts for other rooms, and for what was deleted", () => {
    show(anItem(1), anItem(2, { deletedAt: "2026-01-02T00:00:00Z" }));
    act(() => refusals.set(aRefusal(anEdit(1, "elsewhere"), undefined, "another room")));
    act(() => refusals.set(aRefusal(anEdit(2, "of nothing"))));
    expect(drafts.mode).toBeNull();
  });
});
