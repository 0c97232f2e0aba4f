import { Suspense, type ReactNode, type RefObject } from "react";

import { useTranslation } from "../lib/i18n/useTranslation";
import { Dialog } from "../ui/Dialog";
import { lazyPart } from "../ui/lazyPart";
import { useScrollFocus } from "../ui/useScrollFocus";

const ProfilePane = lazyPart(async () => (await import("../features/conversations/profile")).ProfilePane);

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
        <ProfilePane roomId={roomId} />
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
    <Dialog title={t("profile.label")} closeLabel={t("profile.close")} onClose={onClose}>
      <Suspense fallback={null}>
        <ProfilePane roomId={roomId} />
      </Suspense>
    </Dialog>
  );
}
