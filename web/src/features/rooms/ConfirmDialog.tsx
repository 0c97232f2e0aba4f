import { useState, type ReactNode } from "react";

import { toChatError, type ChatError } from "../../lib/api/chatError";
import { describeError } from "../../lib/i18n/describeError";
import { useRoomsTranslation } from "../../lib/i18n/useRoomsTranslation";
import { useTranslation } from "../../lib/i18n/useTranslation";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import "./dialogs.css";

interface ConfirmDialogProps {
  readonly title: string;
  /** What happens then, a sentence to a paragraph. */
  readonly texts: readonly string[];
  readonly confirm: string;
  /** Rejects with why it could not be done. */
  onConfirm(): Promise<void>;
  onClose(): void;
}

/** Asks once more before something that others notice, and says what it does. */
export function ConfirmDialog({ title, texts, confirm, onConfirm, onClose }: ConfirmDialogProps): ReactNode {
  const { t } = useRoomsTranslation();
  const { t: tell } = useTranslation();
  const [error, setError] = useState<ChatError | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const act = (): void => {
    setIsBusy(true);
    onConfirm().then(onClose, (cause: unknown) => {
      setError(toChatError(cause));
      setIsBusy(false);
    });
  };
  return (
    <Dialog title={title} closeLabel={tell("app.close")} onClose={onClose}>
      <div className="hc-room-dialog">
        {texts.map((text) => (
          <p key={text} className="hc-room-dialog__text">
            {text}
          </p>
        ))}
        <div role="alert">
          {error !== null && <Banner tone="danger">{t("rooms.failed", { reason: describeError(error, tell) })}</Banner>}
        </div>
        <div className="hc-room-dialog__buttons">
          <Button onClick={onClose}>{t("rooms.cancel")}</Button>
          <Button variant="danger" disabled={isBusy} onClick={act}>
            {confirm}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
