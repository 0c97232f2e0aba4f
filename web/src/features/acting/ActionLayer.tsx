import { Suspense, useCallback, useId, useLayoutEffect, useState, type ReactNode, type RefObject } from "react";
import type { Conversation, ConversationItem, ConversationState } from "../../realtime/types";
import { ActionMenu } from "./ActionMenu";
import type { Anchor } from "./anchors";
import { PersonDialog } from "../people";
import { ReportDialog } from "../rooms";
import { Commands } from "./Commands";
import { EmojiPicker } from "./EmojiPicker";
import { HoverBar } from "./HoverBar";
import { QuickRow } from "./QuickRow";
import { Reactors } from "./Reactors";
import { Readers } from "./Readers";
import { useActingTexts } from "./useActingTexts";
import { useActs, type Acts } from "./useActs";
import { useCalls } from "./useCalls";
import { useHovered } from "./useHovered";
import { useSwipe } from "./useSwipe";
import { Versions } from "./Versions";

interface ActionLayerProps {
  readonly log: RefObject<HTMLElement | null>;
  readonly conversation: Conversation;
  readonly state: ConversationState;
}

export type Opening = "reactions" | "all" | "versions" | "reactors" | "emoji" | "report" | "person" | "readers";

interface Opened {
  readonly key: string;
  readonly anchor: Anchor;
  readonly has: Opening;
  /** Whose profile, where it is not that of the sender. */
  readonly personId?: string | undefined;
}

/** Over the list of messages: what one can do with the one that is pointed at, pressed or focused. */
export function ActionLayer({ log, conversation, state }: ActionLayerProps): ReactNode {
  const { t } = useActingTexts();
  const hintId = useId();
  const hovered = useHovered(log);
  const [opened, setOpened] = useState<Opened | null>(null);
  const call = useCallback((article: HTMLElement, anchor: Anchor, has: Opening = "all", personId?: string) => {
    const { key } = article.dataset;
    if (key !== undefined) setOpened({ key, anchor, has, personId });
  }, []);
  useCalls(log, call);
  useLayoutEffect(() => {
    log.current?.setAttribute("aria-describedby", hintId);
  }, [log, hintId]);
  const acts = useActs(conversation, state);
  const find = (key: string | undefined) => state.items.find((item) => item.key === key);
  useSwipe(log, (key) => {
    const item = find(key);
    if (item && acts.canReply(item)) acts.reply(item);
  });

  const pointed = hovered?.isConnected === true ? find(hovered.dataset.key) : undefined;
  const open = (item: ConversationItem, has: Opening) => (anchor: Anchor) => setOpened({ key: item.key, anchor, has });
  return (
    <>
      <span id={hintId} hidden>
        {t("acting.hint")}
      </span>
      <div className="hc-hidden" role="status">
        {acts.said}
      </div>
      {hovered !== null && pointed?.deletedAt === null && (
        <HoverBar
          article={hovered}
          isOwn={pointed.isOwn}
          onReact={acts.canReact(pointed) ? open(pointed, "reactions") : null}
          onReply={acts.canReply(pointed) ? () => acts.reply(pointed) : null}
          onMore={open(pointed, "all")}
        />
      )}
      <OpenedPart
        opened={opened}
        item={opened && find(opened.key)}
        state={state}
        acts={acts}
        onOpen={(has) => opened && setOpened({ ...opened, has })}
        onClose={() => setOpened(null)}
      />
    </>
  );
}

interface OpenedPartProps {
  readonly opened: Opened | null;
  readonly item: ConversationItem | null | undefined;
  readonly state: ConversationState;
  readonly acts: Acts;
  onOpen(has: Opening): void;
  onClose(): void;
}

function OpenedPart({ opened, item, state, acts, onOpen, onClose }: OpenedPartProps): ReactNode {
  const { t } = useActingTexts();
  if (!opened || !item) return null;
  const { room } = state;
  if (opened.has === "readers") return <Readers item={item} state={state} onClose={onClose} />;
  if (opened.has === "versions") return <Versions item={item} onClose={onClose} />;
  if (opened.has === "reactors") return <Reactors item={item} members={room?.members ?? []} onClose={onClose} />;
  if (opened.has === "person") {
    const mentioned = room?.members.find(({ id }) => id === opened.personId);
    return (
      <Suspense fallback={null}>
        <PersonDialog person={mentioned ?? item.sender} room={room} onClose={onClose} />
      </Suspense>
    );
  }
  if (opened.has === "report" && item.id !== null) {
    return <ReportDialog subject={{ messageId: item.id }} name={item.sender.name} onClose={onClose} />;
  }
  const react = (emoji: string, on: boolean): void => {
    onClose();
    acts.react(item, emoji, on);
  };
  if (opened.has === "emoji") return <EmojiPicker onChoose={(emoji) => react(emoji, true)} onClose={onClose} />;
  return (
    <ActionMenu label={t("acting.menu")} anchor={opened.anchor} onClose={onClose}>
      {acts.canReact(item) && <QuickRow reactions={item.reactions} onReact={react} onMore={() => onOpen("emoji")} />}
      {opened.has === "all" && <Commands item={item} acts={acts} onOpen={onOpen} onClose={onClose} />}
    </ActionMenu>
  );
}
