import { useId, useRef, useState, type ClipboardEvent, type DragEvent, type MouseEvent, type ReactNode } from "react";

import { CameraIcon } from "../../ui/CameraIcon";
import { classNames } from "../../ui/classNames";
import { TrashIcon } from "../../ui/icons";
import { MenuItem } from "../../ui/MenuItem";
import { PointMenu, type Point } from "../../ui/PointMenu";
import { PictureIcon } from "./icons";
import "./PictureButton.css";
import { PictureInput } from "./PictureInput";
import { usePictureTexts } from "./usePictureTexts";

interface PictureButtonProps {
  /** The picture, or what stands in for it. */
  readonly children: ReactNode;
  /** Why nothing can be chosen now; null: it can. */
  readonly hindrance: string | null;
  /** It was pressed all the same. */
  onHindered?(): void;
  onChoose(file: File): void;
  /** Null where there is no picture to be removed. */
  readonly onRemove: (() => void) | null;
}

/** A picture that can be changed: chosen, dropped onto it, pasted while it has the focus, or removed. */
export function PictureButton(props: PictureButtonProps): ReactNode {
  const { children, hindrance, onHindered, onChoose, onRemove } = props;
  const { t } = usePictureTexts();
  const input = useRef<HTMLInputElement>(null);
  const [menuAt, setMenuAt] = useState<Point | null>(null);
  const hindranceId = useId();
  const label = t(onRemove === null ? "picture.add" : "picture.change");
  const press = (event: MouseEvent<HTMLButtonElement>): void => {
    const { left, bottom } = event.currentTarget.getBoundingClientRect();
    if (hindrance !== null) onHindered?.();
    else if (onRemove === null) input.current?.click();
    else setMenuAt({ x: left, y: bottom });
  };
  const { isOver, ...taking } = useTaking(hindrance === null ? onChoose : null);
  return (
    <>
      <button
        type="button"
        className={classNames("hc-picture-button", isOver && "hc-picture-button--over")}
        aria-label={label}
        title={label}
        aria-disabled={hindrance !== null}
        aria-describedby={hindrance === null ? undefined : hindranceId}
        {...(onRemove !== null && { "aria-haspopup": "menu" })}
        onClick={press}
        {...taking}
      >
        {children}
        <span className="hc-picture-button__badge">
          <CameraIcon size={18} />
        </span>
      </button>
      <span id={hindranceId} hidden>
        {hindrance}
      </span>
      <PictureInput ref={input} onChoose={onChoose} />
      {menuAt !== null && (
        <PictureMenu
          label={label}
          at={menuAt}
          onClose={() => setMenuAt(null)}
          onChoose={() => input.current?.click()}
          onRemove={() => onRemove?.()}
        />
      )}
    </>
  );
}

interface PictureMenuProps {
  readonly label: string;
  readonly at: Point;
  onClose(): void;
  onChoose(): void;
  onRemove(): void;
}

/** What can be done with a picture that is there. */
function PictureMenu({ label, at, onClose, onChoose, onRemove }: PictureMenuProps): ReactNode {
  const { t } = usePictureTexts();
  return (
    <PointMenu label={label} at={at} onClose={onClose}>
      {(close) => {
        const closing = (act: () => void) => (): void => {
          close();
          act();
        };
        return (
          <>
            <MenuItem icon={<PictureIcon size={18} />} onSelect={closing(onChoose)}>
              {t("picture.choose")}
            </MenuItem>
            <MenuItem icon={<TrashIcon size={18} />} tone="danger" onSelect={closing(onRemove)}>
              {t("picture.remove")}
            </MenuItem>
          </>
        );
      }}
    </PointMenu>
  );
}

/** Files that are held over an element, dropped onto it or pasted there. */
function useTaking(onChoose: ((file: File) => void) | null) {
  const [isOver, setIsOver] = useState(false);
  const pictureIn = ({ files }: DataTransfer): File | undefined =>
    [...files].find(({ type }) => type.startsWith("image/"));
  return {
    isOver,
    onDragOver: (event: DragEvent) => {
      if (onChoose === null || !event.dataTransfer.types.includes("Files")) return; // files are refused by the page
      event.preventDefault();
      event.dataTransfer.dropEffect = "copy";
      setIsOver(true);
    },
    onDragLeave: () => setIsOver(false),
    onDrop: (event: DragEvent) => {
      if (onChoose === null) return;
      event.preventDefault();
      setIsOver(false);
      // Systems do not know the type of every picture: what is none is told by the one who opens it.
      const file = pictureIn(event.dataTransfer) ?? event.dataTransfer.files[0];
      if (file !== undefined) onChoose(file);
    },
    onPaste: (event: ClipboardEvent) => {
      const file = pictureIn(event.clipboardData);
      if (file === undefined || onChoose === null) return;
      event.preventDefault();
      onChoose(file);
    },
  };
}
