/** As React hands it to a dialog. */
interface CancelEvent {
  readonly target: EventTarget;
  readonly currentTarget: EventTarget;
  preventDefault(): void;
}

/**
 * A handler of `cancel` for a dialog's own alone: React hands an outer dialog those of dialogs within it, too, and the
 * browser those of inputs in which the choice of a file was given up. The dialog is then closed by its owner.
 */
export function ownCancel(close: () => void): (event: CancelEvent) => void {
  return (event) => {
    if (event.target !== event.currentTarget) return;
    event.preventDefault();
    close();
  };
}
