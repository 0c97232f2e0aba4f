import type { ReactNode, RefObject } from "react";

import { ProfilePane } from "../features/conversations";
import { useTranslation } from "../lib/i18n/useTranslation";
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
      <ProfilePane roomId={roomId} />
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
    <Dialog title={t("profile.label")} closeLabel={t("profile.close")} onClose={onClose}>
      <ProfilePane roomId={roomId} />
    </Dialog>
  );
}
