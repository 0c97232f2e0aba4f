import type { ReactNode } from "react";
import { canRetry } from "../../lib/i18n/describeRefusal";
import { useRefusals } from "../../lib/i18n/useRefusals";
import { useTranslation } from "../../lib/i18n/useTranslation";
import type { LocalFile } from "../../realtime/types";
import { AlertIcon, CloseIcon, RetryIcon } from "../../ui/icons";
import { say } from "../../ui/snacks";
import { useChatClient } from "../session";
import { useFilesTexts, type TranslateFiles } from "./useFilesTexts";

const RADIUS = 17;
const LENGTH = 2 * Math.PI * RADIUS;

/** How far a file is on its way, over what will show it; a press ends it. What was refused says why. */
export function Progress({ file }: { readonly file: LocalFile }): ReactNode {
  const { t } = useFilesTexts();
  const { t: tOfAll } = useTranslation();
  const { files } = useChatClient();
  const describe = useRefusals();
  const said = stateInWords(file, t);
  const remove = (): void => {
    if (!files.remove(file.id)) say(t("files.mayBeSent"));
  };
  if (file.state === "refused") {
    return (
      <div className="hc-progress hc-progress--refused">
        <AlertIcon size={22} />
        <span role="status">{file.error === null ? said : describe(file.error)}</span>
        <span className="hc-progress__actions">
          {canRetry(file.error) && (
            <button type="button" className="hc-progress__action" onClick={() => files.retry(file.id)}>
              <RetryIcon size={18} />
              {tOfAll("message.retry")}
            </button>
          )}
          <button type="button" className="hc-progress__action" onClick={remove}>
            {t("files.remove")}
          </button>
        </span>
      </div>
    );
  }
  return (
    <div className="hc-progress">
      <button
        type="button"
        className="hc-on-picture"
        aria-label={t("files.cancel", { name: file.name })}
        title={said}
        onClick={remove}
      >
        <Ring part={isThere(file) ? 1 : file.sentBytes / Math.max(1, file.size)} />
        <CloseIcon size={18} />
      </button>
      <span className="hc-progress__state">{said}</span>
    </div>
  );
}

/** `part`: from 0 to 1. */
export function Ring({ part }: { readonly part: number }): ReactNode {
  return (
    <svg className="hc-progress__circle" width="40" height="40" viewBox="0 0 40 40" aria-hidden="true">
      <circle cx="20" cy="20" r={RADIUS} />
      <circle
        cx="20"
        cy="20"
        r={RADIUS}
        className="hc-progress__part"
        strokeDasharray={LENGTH}
        strokeDashoffset={LENGTH * (1 - Math.max(0.04, Math.min(1, part)))}
      />
    </svg>
  );
}

/** Whether the server has all of it. */
function isThere({ state }: LocalFile): boolean {
  return state === "examining" || state === "ready";
}

/** What becomes of a file now. */
export function stateInWords({ state, sentBytes, size }: LocalFile, t: TranslateFiles): string {
  if (state === "uploading")
    return t("files.uploading", { percent: Math.floor((100 * sentBytes) / Math.max(1, size)) });
  return t(`files.${state}`);
}
