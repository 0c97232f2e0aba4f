import { useEffect, type ReactNode } from "react";
import { useRefusals } from "../../lib/i18n/useRefusals";
import { useStoreSelector } from "../../lib/useStore";
import { IconButton } from "../../ui/IconButton";
import { AlertIcon, CloseIcon } from "../../ui/icons";
import { useChatClient } from "../session";
import { describeProblem } from "./describeProblem";
import { FileCard } from "./FileCard";
import { clearProblems, problems } from "./problems";
import { replaceVersions } from "./replaceVersions";
import type { Tray as Contents } from "./useTray";
import "./Tray.css";
import { useLanguage } from "./useLanguage";
import { forgetVersions, originalRooms, preferOriginals, versions } from "./versions";

interface TrayProps {
  readonly roomId: string;
  readonly tray: Contents;
  /** Of the element that says why nothing can be sent. */
  readonly noteId: string;
}

/** What goes with the message, above its input. */
export function Tray({ roomId, tray, noteId }: TrayProps): ReactNode {
  const { t } = useLanguage();
  const { files } = useChatClient();
  const count = tray.files.length + tray.preparing;
  useEffect(() => {
    if (count > 0) return;
    preferOriginals(roomId, false);
    forgetVersions(files);
  }, [files, roomId, count]);
  const isRefused = tray.files.some(({ state }) => state === "refused");
  return (
    <div className="hc-tray">
      <Problems roomId={roomId} />
      {tray.files.length > 0 && (
        <ul className="hc-tray__list" aria-label={t("tray.label")}>
          {tray.files.map((file) => (
            <FileCard key={file.id} file={file} />
          ))}
        </ul>
      )}
      <div className="hc-tray__foot">
        <p id={noteId} role="status" className="hc-tray__note">
          {tray.preparing > 0
            ? t("tray.preparing", { count: tray.preparing })
            : isRefused
              ? t("tray.blocked")
              : tray.files.length > 0 && t("tray.count", { count: tray.files.length })}
        </p>
        <OriginalSize roomId={roomId} tray={tray} />
      </div>
    </div>
  );
}

/** Offered while there are pictures that were made smaller. */
function OriginalSize({ roomId, tray }: Omit<TrayProps, "noteId">): ReactNode {
  const { t } = useLanguage();
  const { files } = useChatClient();
  const isChosen = useStoreSelector(originalRooms, (rooms) => rooms.has(roomId));
  // Also while one takes the place of the other.
  const isThere = useStoreSelector(versions, (all) => [...all.values()].some((both) => both.roomId === roomId));
  if (!isThere) return null;
  return (
    <label className="hc-tray__original">
      <input
        type="checkbox"
        checked={isChosen}
        disabled={tray.preparing > 0}
        onChange={({ target }) => void replaceVersions(files, roomId, target.checked)}
      />
      {t("tray.original")}
    </label>
  );
}

/** Why something did not come into the tray. */
function Problems({ roomId }: { readonly roomId: string }): ReactNode {
  const { t } = useLanguage();
  const describe = useRefusals();
  const found = useStoreSelector(problems, (all) => all.get(roomId));
  return (
    <div role="alert">
      {found !== undefined && (
        <div className="hc-tray__problems">
          <AlertIcon size={18} />
          <ul>
            {found.map((problem, index) => (
              <li key={index}>{describeProblem(problem, t, describe)}</li>
            ))}
          </ul>
          <IconButton label={t("tray.dismiss")} onClick={() => clearProblems(roomId)}>
            <CloseIcon size={18} />
          </IconButton>
        </div>
      )}
    </div>
  );
}
