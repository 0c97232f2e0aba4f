import { useEffect, useRef, type ReactNode } from "react";

import { ownKeys } from "../../lib/ownKeys";
import { isBehindDialog } from "../../lib/shortcuts";
import { IconButton } from "../../ui/IconButton";
import { BackIcon, RetryIcon } from "../../ui/icons";
import { useConsoleTexts } from "../useConsoleTexts";
import { isEditable } from "./keys";
import "./Pane.css";

interface SectionPaneProps {
  readonly title: string;
  onRefresh(): void;
  /** Between the title and the list: filters, a search. */
  readonly filters?: ReactNode;
  readonly list: ReactNode;
  /** What is chosen of the list; null where nothing is. */
  readonly detail: ReactNode;
}

/** A list, and beside it what is chosen of it. Where there is no room for both, what is chosen takes the list's place. */
export function SectionPane({ title, onRefresh, filters, list, detail }: SectionPaneProps): ReactNode {
  const { t } = useConsoleTexts();
  const heading = useRef<HTMLHeadingElement>(null);
  // Whoever came by a link that is gone now reads on here.
  useEffect(() => {
    if (document.activeElement === document.body) heading.current?.focus();
  }, []);
  useEffect(() => {
    document.title = t("console.titleOf", { section: title });
  }, [t, title]);
  return (
    <div className="hc-panes" data-shows={detail === null ? "list" : "detail"}>
      {/* Also where what is chosen has taken the place of the list. */}
      <h1 ref={heading} tabIndex={-1} className="hc-hidden">
        {title}
      </h1>
      <section className="hc-pane hc-pane--list" aria-label={title}>
        <div className="hc-pane__header">
          <p className="hc-pane__title" aria-hidden="true">
            {title}
          </p>
          <IconButton label={t("console.refresh")} onClick={onRefresh}>
            <RetryIcon size={18} />
          </IconButton>
        </div>
        {filters}
        {list}
      </section>
      {detail}
    </div>
  );
}

interface DetailPaneProps {
  readonly title: string;
  /** Takes what is chosen away; focus goes back to its row. */
  onClose(): void;
  readonly children: ReactNode;
}

/** What is chosen of a list. It takes the focus when it opens, and Escape leads back. */
export function DetailPane({ title, onClose, children }: DetailPaneProps): ReactNode {
  const { t } = useConsoleTexts();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  useEffect(() => {
    const onKeyDown = ownKeys((event: KeyboardEvent): void => {
      if (event.key !== "Escape" || event.defaultPrevented || isBehindDialog(event)) return;
      // What is being written is not lost by one key.
      if (isEditable(event.target)) heading.current?.focus();
      else onClose();
    });
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [onClose]);
  return (
    <section className="hc-pane hc-pane--detail" aria-label={title}>
      <div className="hc-pane__header">
        <IconButton label={t("console.closeDetail")} onClick={onClose}>
          <BackIcon />
        </IconButton>
        <h2 ref={heading} tabIndex={-1} className="hc-pane__title">
          {title}
        </h2>
      </div>
      <div className="hc-pane__body">{children}</div>
    </section>
  );
}
