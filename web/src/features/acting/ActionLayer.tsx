import { useCallback, useId, useLayoutEffect, useState, type ReactNode, type RefObject } from "react";
import type { Conversation, ConversationItem, ConversationState } from "../../realtime/types";
import { MenuItem } from "../../ui/MenuItem";
import { ActionMenu } from "./ActionMenu";
import type { Anchor } from "./anchors";
import { HoverBar } from "./HoverBar";
import { CopyIcon } from "./icons";
import { QuickRow } from "./QuickRow";
import { useActingTexts } from "./useActingTexts";
import { useActs, type Acts } from "./useActs";
import { useCalls } from "./useCalls";
import { useHovered } from "./useHovered";

interface ActionLayerProps {
  readonly log: RefObject<HTMLElement | null>;
  readonly conversation: Conversation;
  readonly state: ConversationState;
}

interface Opened {
  readonly key: string;
  readonly anchor: Anchor;
  readonly has: "reactions" | "all";
}

/** Over the list of messages: what one can do with the one that is pointed at, pressed or focused. */
export function ActionLayer({ log, conversation, state }: ActionLayerProps): ReactNode {
  const { t } = useActingTexts();
  const hintId = useId();
  const hovered = useHovered(log);
  const [opened, setOpened] = useState<Opened | null>(null);
  const call = useCallback((article: HTMLElement, anchor: Anchor) => {
    const { key } = article.dataset;
    if (key !== undefined) setOpened({ key, anchor, has: "all" });
  }, []);
  useCalls(log, call);
  useLayoutEffect(() => {
    log.current?.setAttribute("aria-describedby", hintId);
  }, [log, hintId]);
  const acts = useActs(conversation, state);
  const close = (): void => setOpened(null);

  const find = (key: string | undefined) => state.items.find((item) => item.key === key);
  const pointed = hovered?.isConnected === true ? find(hovered.dataset.key) : undefined;
  const open = (item: ConversationItem, has: Opened["has"]) => (anchor: Anchor) =>
    setOpened({ key: item.key, anchor, has });
  const chosen = opened && find(opened.key);
  return (
    <>
      <span id={hintId} hidden>
        {t("acting.hint")}
      </span>
      <div className="hc-hidden" role="status">
        {acts.said}
      </div>
      {hovered !== null && pointed !== undefined && (
        <HoverBar
          article={hovered}
          isOwn={pointed.isOwn}
          canReact={acts.canReact(pointed)}
          onReact={open(pointed, "reactions")}
          onMore={open(pointed, "all")}
        />
      )}
      {opened && chosen && (
        <ActionMenu label={t("acting.menu")} anchor={opened.anchor} onClose={close}>
          {acts.canReact(chosen) && <Reacting item={chosen} acts={acts} onClose={close} />}
          {opened.has === "all" && <Commands item={chosen} acts={acts} onClose={close} />}
        </ActionMenu>
      )}
    </>
  );
}

interface PartProps {
  readonly item: ConversationItem;
  readonly acts: Acts;
  onClose(): void;
}

function Reacting({ item, acts, onClose }: PartProps): ReactNode {
  const react = (emoji: string, on: boolean): void => {
    acts.react(item, emoji, on);
    onClose();
  };
  return <QuickRow reactions={item.reactions} onReact={react} />;
}

function Commands({ item, acts, onClose }: PartProps): ReactNode {
  const { t } = useActingTexts();
  const commands = [{ label: t("acting.copy"), icon: <CopyIcon />, act: () => acts.copy(item) }];
  return (
    <div className="hc-acts__commands">
      {commands.map(({ label, icon, act }) => (
        <MenuItem
          key={label}
          icon={icon}
          onSelect={() => {
            onClose();
            act();
          }}
        >
          {label}
        </MenuItem>
      ))}
    </div>
  );
}
