import { useId, useLayoutEffect, useRef, type MouseEvent, type ReactNode } from "react";

import { classNames } from "./classNames";
import "./Dialog.css";
import { IconButton } from "./IconButton";
import { CloseIcon } from "./icons";
import { ownCancel } from "./ownCancel";
import { useScrollFocus } from "./useScrollFocus";

interface DialogProps {
  readonly title: string;
  readonly closeLabel: string;
  onClose(): void;
  readonly children: ReactNode;
  /** Controls between the title and the button that closes. */
  readonly actions?: ReactNode;
  /** `side`: the height of the window, at its end. */
  readonly placement?: "middle" | "panel" | "side";
}

/**
 * A modal dialog, open as long as it is rendered. The browser's own element keeps focus inside, makes the page behind
 * it inert, closes on Escape and gives focus back.
 */
export function Dialog(props: DialogProps): ReactNode {
  const { title, closeLabel, onClose, children, actions, placement = "middle" } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const titleId = useId();
  useScrollFocus(body);

  // While it is still on the page: closing a dialog that has left it gives no focus back.
  useLayoutEffect(() => {
    const element = dialog.current;
    if (element?.open === false) element.showModal();
    return () => element?.close();
  }, []);

  const closeOnBackdrop = (event: MouseEvent): void => {
    if (event.target === dialog.current) onClose();
  };

  return (
    <dialog
      ref={dialog}
      className={classNames("hc-dialog", `hc-dialog--${placement}`)}
      aria-labelledby={titleId}
      onCancel={ownCancel(onClose)}
      onMouseDown={closeOnBackdrop}
    >
      <div className="hc-dialog__header">
        <h2 id={titleId} className="hc-dialog__title">
          {title}
        </h2>
        {actions}
        <IconButton label={closeLabel} onClick={onClose}>
          <CloseIcon />
        </IconButton>
      </div>
      <div ref={body} className="hc-dialog__body">
        {children}
      </div>
    </dialog>
  );
}
