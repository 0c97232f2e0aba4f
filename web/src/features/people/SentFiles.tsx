import { Suspense, useState, type ReactNode } from "react";

import { ChevronRightIcon } from "../../ui/icons";
import { KindIcon, RoomFilesDialog } from "../files";
import { usePeopleTexts } from "./usePeopleTexts";

interface SentFilesProps {
  readonly roomId: string;
  /** Something leads to a message. */
  onLead(): void;
}

/** The way to all that was sent in a conversation besides words. */
export function SentFiles({ roomId, onLead }: SentFilesProps): ReactNode {
  const { t } = usePeopleTexts();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <section className="hc-info__section">
      <button type="button" className="hc-info__row" aria-haspopup="dialog" onClick={() => setIsOpen(true)}>
        <span className="hc-info__row-icon">
          <KindIcon kind="image" size={20} />
        </span>
        {t("info.files")}
        <ChevronRightIcon size={18} className="hc-info__row-end" />
      </button>
      {isOpen && (
        <Suspense>
          <RoomFilesDialog roomId={roomId} onLead={onLead} onClose={() => setIsOpen(false)} />
        </Suspense>
      )}
    </section>
  );
}
