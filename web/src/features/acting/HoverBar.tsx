import { useLayoutEffect, useRef, type ReactNode } from "react";
import { createPortal } from "react-dom";
import { IconButton } from "../../ui/IconButton";
import { MoreIcon } from "../../ui/icons";
import { anchorOf, type Anchor } from "./anchors";
import "./HoverBar.css";
import { ReplyIcon, SmileIcon } from "./icons";
import { bubbleOf } from "./messageArticles";
import { useActingTexts } from "./useActingTexts";

interface HoverBarProps {
  readonly article: HTMLElement;
  readonly isOwn: boolean;
  /** Null where one cannot. */
  readonly onReact: ((anchor: Anchor) => void) | null;
  readonly onReply: (() => void) | null;
  onMore(anchor: Anchor): void;
}

const GAP_PX = 6;

/** Stands beside the message that the mouse is at. Keys reach the same by the menu of the message that has the focus. */
export function HoverBar({ article, isOwn, onReact, onReply, onMore }: HoverBarProps): ReactNode {
  const { t } = useActingTexts();
  const bar = useRef<HTMLDivElement | null>(null);
  useLayoutEffect(() => {
    if (bar.current !== null) stand(bar.current, article, isOwn);
  });
  return createPortal(
    <div ref={bar} className="hc-bar" role="group" aria-label={t("acting.bar")}>
      {onReact !== null && (
        <IconButton label={t("acting.react")} tabIndex={-1} onClick={(event) => onReact(anchorOf(event.currentTarget))}>
          <SmileIcon size={18} />
        </IconButton>
      )}
      {onReply !== null && (
        <IconButton label={t("acting.reply")} tabIndex={-1} onClick={onReply}>
          <ReplyIcon size={18} />
        </IconButton>
      )}
      <IconButton label={t("acting.more")} tabIndex={-1} onClick={(event) => onMore(anchorOf(event.currentTarget))}>
        <MoreIcon size={18} />
      </IconButton>
    </div>,
    article,
  );
}

/** On the free side of the bubble; over its upper corner where that side is too narrow. */
function stand(bar: HTMLElement, article: HTMLElement, isOwn: boolean): void {
  const bubble = bubbleOf(article) as HTMLElement;
  const { offsetLeft: left, offsetWidth: width, offsetTop: top } = bubble;
  const free = isOwn ? left : article.offsetWidth - left - width;
  const fits = free >= bar.offsetWidth + 2 * GAP_PX;
  const beside = isOwn ? left - bar.offsetWidth - GAP_PX : left + width + GAP_PX;
  const above = isOwn ? left : left + width - bar.offsetWidth;
  bar.style.left = `${String(Math.max(GAP_PX, fits ? beside : above))}px`;
  bar.style.top = `${String(fits ? top : top - bar.offsetHeight + GAP_PX)}px`;
}
