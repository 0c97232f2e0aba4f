import { Suspense, type ReactNode, type RefObject } from "react";

import { useTranslation } from "../lib/i18n/useTranslation";
import { ConversationInfo } from "../features/people";
import { finding } from "../features/search";
import { Dialog } from "../ui/Dialog";
import { useScrollFocus } from "../ui/useScrollFocus";

interface ProfileColumnProps {
  readonly roomId: string;
  readonly column: RefObject<HTMLElement | null>;
}

/** The third pane of a wide screen. */
export function ProfileColumn({ roomId, column }: ProfileColumnProps): ReactNode {
  const { t } = useTranslation();
  useScrollFocus(column);
  return (
    <aside ref={column} className="hc-chat__profile" aria-label={t("profile.label")} tabIndex={-1}>
      <Suspense fallback={null}>
        <ConversationInfo roomId={roomId} onSearch={() => finding.set(roomId)} onLead={stay} />
      </Suspense>
    </aside>
  );
}

interface ProfileDialogProps {
  readonly roomId: string;
  onClose(): void;
}

export function ProfileDialog({ roomId, onClose }: ProfileDialogProps): ReactNode {
  const { t } = useTranslation();
  return (
    <Dialog title={t("profile.label")} closeLabel={t("profile.close")} placement="side" onClose={onClose}>
      <Suspense fallback={null}>
        <ConversationInfo
          roomId={roomId}
          onSearch={() => {
            onClose();
            finding.set(roomId);
          }}
          onLead={onClose}
        />
      </Suspense>
    </Dialog>
  );
}

function stay(): void {
  // It stands beside what it leads to.
}
