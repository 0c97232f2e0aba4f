import { useEffect, useId, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { ownKeys } from "../../lib/ownKeys";
import { formatFull } from "../../lib/format/dates";
import { useTranslation } from "../../lib/i18n/useTranslation";
import type { FilePlace } from "../../realtime/keptFiles";
import type { Attachment, User } from "../../realtime/types";
import { IconButton } from "../../ui/IconButton";
import { BackIcon, ChevronRightIcon, CloseIcon } from "../../ui/icons";
import { ownCancel } from "../../ui/ownCancel";
import { MinusIcon, PlusIcon } from "../../ui/signIcons";
import { useGestures } from "../../ui/useGestures";
import { DownloadIcon, MessageIcon } from "./icons";
import { Slide } from "./Slide";
import { useDownload } from "./useDownload";
import { useFilesTexts } from "./useFilesTexts";
import { useStage, type Stage } from "./useStage";
import "./Viewer.css";

/** A picture or video, and where it was sent. */
export interface Entry {
  readonly file: Attachment;
  readonly place: FilePlace;
  readonly sender: User;
  readonly createdAt: string;
}

interface ViewerProps {
  readonly entries: readonly Entry[];
  /** The file that is seen first. */
  readonly startId: string;
  /** Has the focus again, if it is still there. */
  readonly from: HTMLElement;
  onClose(): void;
  /** To its message, by seq. */
  onGoTo(seq: number): void;
}

/** One picture or video after the other, over the whole page. */
export function Viewer({ entries, startId, from, onClose, onGoTo }: ViewerProps): ReactNode {
  const { t } = useFilesTexts();
  const dialog = useRef<HTMLDialogElement>(null);
  const [id, setId] = useState(startId);
  const [titleId, hintId] = [useId(), useId()];
  useModal(dialog, from);
  const found = entries.findIndex(({ file }) => file.id === id);
  const index = useLast(found, entries.length);
  const stage = useStage({
    count: entries.length,
    index,
    go: (to) => setId(entries[to]?.file.id ?? id),
    close: onClose,
  });
  useGestures(stage.element, stage.gestures);
  const entry = entries[index];
  useEffect(() => {
    if (entry === undefined) onClose();
    else setId(entry.file.id);
  }, [entry, onClose]);
  if (entry === undefined) return null;
  const goTo = (): void => {
    onClose();
    onGoTo(entry.place.seq);
  };
  return (
    <dialog
      ref={dialog}
      className="hc-viewer"
      aria-labelledby={titleId}
      aria-describedby={hintId}
      onCancel={ownCancel(onClose)}
      onKeyDown={ownKeys((event: KeyboardEvent) => stage.press(event))}
    >
      <Bar
        entry={entry}
        titleId={titleId}
        nth={index + 1}
        count={entries.length}
        stage={stage}
        onGoTo={goTo}
        onClose={onClose}
      />
      <p id={hintId} hidden>
        {t("viewer.keys")}
      </p>
      <div ref={stage.element} className="hc-viewer__stage">
        <div ref={stage.track} className="hc-viewer__track">
          {[index - 1, index, index + 1].map((at) => {
            const shown = entries[at];
            return (
              shown !== undefined && (
                <Slide
                  key={shown.file.id}
                  entry={shown}
                  offset={at - index}
                  isZoomed={at === index && stage.isZoomed}
                />
              )
            );
          })}
        </div>
      </div>
      {index > 0 && (
        <IconButton className="hc-viewer__step" label={t("viewer.previous")} onClick={() => stage.step(-1)}>
          <BackIcon size={26} />
        </IconButton>
      )}
      {index < entries.length - 1 && (
        <IconButton
          className="hc-viewer__step hc-viewer__step--next"
          label={t("viewer.next")}
          onClick={() => stage.step(1)}
        >
          <ChevronRightIcon size={26} />
        </IconButton>
      )}
      {Boolean(entry.file.alt) && (
        <p className="hc-viewer__caption" dir="auto">
          {entry.file.alt}
        </p>
      )}
    </dialog>
  );
}

interface BarProps {
  readonly entry: Entry;
  readonly titleId: string;
  readonly nth: number;
  readonly count: number;
  readonly stage: Stage;
  onGoTo(): void;
  onClose(): void;
}

function Bar({ entry: { file, place, sender, createdAt }, titleId, nth, count, stage, onGoTo, onClose }: BarProps) {
  const { t } = useFilesTexts();
  const { locale } = useTranslation();
  const download = useDownload(place, file);
  const isPicture = file.kind === "image";
  return (
    <div className="hc-viewer__bar">
      <div className="hc-viewer__words">
        <h2 id={titleId} className="hc-viewer__title" aria-live="polite">
          {t(isPicture ? "viewer.photo" : "viewer.video", { nth, count })}
        </h2>
        <p className="hc-viewer__facts hc-truncate">
          <bdi>{sender.name}</bdi>, <time dateTime={createdAt}>{formatFull(createdAt, locale)}</time>
        </p>
      </div>
      {isPicture && (
        <span className="hc-viewer__zoom">
          <IconButton label={t("viewer.zoomOut")} disabled={!stage.isZoomed} onClick={() => stage.zoom(1 / 1.5)}>
            <MinusIcon />
          </IconButton>
          <IconButton label={t("viewer.zoomIn")} onClick={() => stage.zoom(1.5)}>
            <PlusIcon />
          </IconButton>
        </span>
      )}
      <IconButton label={t("viewer.goTo")} onClick={onGoTo}>
        <MessageIcon />
      </IconButton>
      <a
        className="hc-icon-button hc-icon-button--quiet"
        href={download.href}
        download={file.name}
        aria-label={t("files.download", { name: file.name })}
        title={t("files.download", { name: file.name })}
        onClick={download.onClick}
      >
        <DownloadIcon />
      </a>
      <IconButton label={t("viewer.close")} autoFocus onClick={onClose}>
        <CloseIcon />
      </IconButton>
    </div>
  );
}

/** Where somebody is; when what they saw was deleted, what came after it. */
function useLast(found: number, count: number): number {
  const last = useRef(0);
  useEffect(() => {
    if (found >= 0) last.current = found;
  }, [found]);

  return found >= 0 ? found : Math.min(last.current, count - 1);
}

/** Open as long as it is rendered; then the focus is where it was. */
function useModal(dialog: React.RefObject<HTMLDialogElement | null>, from: HTMLElement): void {
  useLayoutEffect(() => {
    const element = dialog.current;
    if (element?.open === false) element.showModal();
    return () => {
      element?.close();
      const log = document.querySelector<HTMLElement>('[role="log"]');
      if (from.isConnected) from.focus({ preventScroll: true });
      else log?.focus({ preventScroll: true });
    };
  }, [dialog, from]);
}
