import type { ReactNode } from "react";

import type { Room } from "../../realtime/types";
import { classNames } from "../../ui/classNames";
import { BlockIcon, FlagIcon, SignOutIcon } from "../../ui/icons";
import { useRoomActions } from "../rooms/useRoomActions";
import { useRoomQuestion } from "../rooms/useRoomQuestion";
import { usePeopleTexts } from "./usePeopleTexts";

/** What ends something between people. Nobody blocks the service's own people. */
export function EndActions({ room }: { readonly room: Room }): ReactNode {
  const { t } = usePeopleTexts();
  const actions = useRoomActions();
  const { ask, dialog } = useRoomQuestion();
  const other = room.otherParticipant;
  if (room.type === "group") {
    return (
      <EndSection dialog={dialog}>
        <EndAction
          icon={<SignOutIcon />}
          label={t("info.leave")}
          isGrave
          onClick={() => ask({ kind: "leave", room })}
        />
      </EndSection>
    );
  }
  if (other === null || other.role === "admin") return null;
  const isBlocked = room.blockedBy === "me";
  return (
    <EndSection dialog={dialog}>
      <EndAction
        icon={<FlagIcon />}
        label={t("info.report")}
        onClick={() => ask({ kind: "report", room, person: other })}
      />
      <EndAction
        icon={<BlockIcon />}
        label={t(isBlocked ? "info.unblock" : "info.block")}
        isGrave={!isBlocked}
        onClick={() => {
          if (isBlocked) actions.unblock(room, other);
          else ask({ kind: "block", room, person: other });
        }}
      />
    </EndSection>
  );
}

interface EndSectionProps {
  readonly dialog: ReactNode;
  readonly children: ReactNode;
}

function EndSection({ dialog, children }: EndSectionProps): ReactNode {
  return (
    <section className="hc-info__section hc-info__end">
      {children}
      {dialog}
    </section>
  );
}

interface EndActionProps {
  readonly icon: ReactNode;
  readonly label: string;
  readonly isGrave?: boolean;
  onClick(): void;
}

/** One line that does something. */
export function EndAction({ icon, label, isGrave = false, onClick }: EndActionProps): ReactNode {
  return (
    <button
      type="button"
      className={classNames("hc-info__row", isGrave && "hc-info__row--danger")}
      onClick={() => onClick()}
    >
      <span className="hc-info__row-icon">{icon}</span>
      {label}
    </button>
  );
}
