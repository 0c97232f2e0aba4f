import { useLayoutEffect, useRef, type MouseEvent, type ReactNode } from "react";
import { ownKeys } from "../../lib/ownKeys";
import { classNames } from "../../ui/classNames";
import { ownCancel } from "../../ui/ownCancel";
import { phoneQuery, useMediaQuery } from "../../ui/useMediaQuery";
import "./ActionDialog.css";
import { placeAt, type Anchor } from "./anchors";

interface ActionDialogProps {
  readonly label: string;
  readonly anchor: Anchor;
  onClose(): void;
  readonly children: ReactNode;
}

/**
 * What opens at a message: beside it on a desk, as a sheet from below on a phone. The browser's own modal dialog keeps the
 * focus, closes on Escape, and gives the focus back.
 */
export function ActionDialog({ label, anchor, onClose, children }: ActionDialogProps): ReactNode {
  const dialog = useRef<HTMLDialogElement | null>(null);
  const isSheet = useMediaQuery(phoneQuery);

  useLayoutEffect(() => {
    const element = dialog.current;
    if (element?.open === false) element.showModal();
    return () => element?.close();
  }, []);
  useLayoutEffect(() => {
    const element = dialog.current;
    if (element === null || isSheet) return;
    // Not as it is drawn: it grows into its place.
    const size = { width: element.offsetWidth, height: element.offsetHeight };
    const { left, top } = placeAt(anchor, size, { width: innerWidth, height: innerHeight });
    element.style.translate = `${String(Math.round(left))}px ${String(Math.round(top))}px`;
    return () => {
      element.style.translate = "";
    };
  }, [anchor, isSheet]);

  const closeOnBackdrop = (event: MouseEvent): void => {
    if (event.target === dialog.current) onClose();
  };
  return (
    <dialog
      ref={dialog}
      className={classNames("hc-acts", isSheet ? "hc-acts--sheet" : "hc-acts--popup")}
      aria-label={label}
      onCancel={ownCancel(onClose)}
      onMouseDown={closeOnBackdrop}
      onContextMenu={(event) => event.preventDefault()}
      onKeyDown={ownKeys((event) => event.stopPropagation())}
    >
      {children}
    </dialog>
  );
}
