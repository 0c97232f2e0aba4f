import type { ReactNode, Ref } from "react";

import { ProfilePane } from "../features/conversations";
import { useTranslation } from "../lib/i18n/useTranslation";
import { Dialog } from "../ui/Dialog";

interface ProfileColumnProps {
  readonly roomId: string;
  readonly ref?: Ref<HTMLElement>;
}

/** The third pane of a wide screen. */
export function ProfileColumn({ roomId, ref }: ProfileColumnProps): ReactNode {
  const { t } = useTranslation();
  return (
    <aside ref={ref} className="hc-chat__profile" aria-label={t("profile.label")} tabIndex={-1}>
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
