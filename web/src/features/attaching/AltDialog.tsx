import { useId, useState, type ReactNode } from "react";
import type { LocalFile } from "../../realtime/types";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { limitInput } from "../../ui/limitInput";
import { useChatClient } from "../session";
import { Thumbnail } from "./Thumbnail";
import { useLanguage } from "./useLanguage";

/** As long as the server takes them, in code points. */
const MAX_ALT = 500;
const SHOWN_FROM = 100;

interface AltDialogProps {
  readonly file: LocalFile;
  onClose(): void;
}

/** What can be seen in a picture, in words. */
export function AltDialog({ file, onClose }: AltDialogProps): ReactNode {
  const { t, tOfAll } = useLanguage();
  const { files } = useChatClient();
  const [text, setText] = useState(file.alt);
  const hint = useId();
  const left = MAX_ALT - Array.from(text).length;
  const save = (): void => {
    files.setAlt(file.id, text.trim());
    onClose();
  };
  return (
    <Dialog title={t("alt.title")} closeLabel={tOfAll("app.close")} onClose={onClose}>
      <div className="hc-alt">
        <Thumbnail file={file} />
        <label>
          <span className="hc-alt__label">{t("alt.label")}</span>
          <textarea
            className="hc-field"
            rows={3}
            dir="auto"
            autoFocus
            aria-describedby={hint}
            value={text}
            onChange={(event) => setText(limitInput(event.target, MAX_ALT))}
          />
        </label>
        <p id={hint} className="hc-alt__hint">
          {left <= SHOWN_FROM ? t("alt.left", { count: left }) : t("alt.hint")}
        </p>
        <div className="hc-alt__buttons">
          <Button variant="primary" onClick={save}>
            {t("alt.save")}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
