import type { ReactNode } from "react";
import type { ConversationItem } from "../../realtime/types";
import { DoubleCheckIcon, FlagIcon, TrashIcon, UserIcon } from "../../ui/icons";
import { MenuItem } from "../../ui/MenuItem";
import type { Opening } from "./ActionLayer";
import { CopyIcon, EditIcon, PinIcon, ReplyIcon, SmileIcon, VersionsIcon } from "./icons";
import { useActingTexts } from "./useActingTexts";
import type { Acts } from "./useActs";

interface CommandsProps {
  readonly item: ConversationItem;
  readonly acts: Acts;
  onOpen(has: Opening): void;
  onClose(): void;
}

/** What one can do with a message; what one cannot is not offered. */
export function Commands({ item, acts, onOpen, onClose }: CommandsProps): ReactNode {
  const { t } = useActingTexts();
  const command = (label: string, icon: ReactNode, act: () => void, tone?: "danger"): ReactNode => (
    <MenuItem icon={icon} onSelect={act} {...(tone && { tone })}>
      {label}
    </MenuItem>
  );
  // The menu goes first: it gives the focus back, and what follows may take it.
  const then = (act: () => void) => () => {
    onClose();
    setTimeout(act);
  };
  const isPinned = item.pinnedAt !== null;
  return (
    <div className="hc-acts__commands">
      {acts.canReply(item) &&
        command(
          t("acting.reply"),
          <ReplyIcon />,
          then(() => acts.reply(item)),
        )}
      {acts.canEdit(item) &&
        command(
          t("acting.edit"),
          <EditIcon />,
          then(() => acts.edit(item)),
        )}
      {item.deletedAt === null &&
        command(
          t("acting.copy"),
          <CopyIcon />,
          then(() => acts.copy(item)),
        )}
      {acts.canPin(item) &&
        command(
          t(isPinned ? "acting.unpin" : "acting.pin"),
          <PinIcon />,
          then(() => acts.pin(item, !isPinned)),
        )}
      {item.reactions.length > 0 && command(t("acting.reactors"), <SmileIcon />, () => onOpen("reactors"))}
      {item.editedAt !== null &&
        item.id !== null &&
        command(t("acting.versions"), <VersionsIcon />, () => onOpen("versions"))}
      {acts.canSeeReaders(item) && command(t("acting.readers"), <DoubleCheckIcon />, () => onOpen("readers"))}
      {acts.canMeet(item) &&
        command(t("acting.profileOf", { name: item.sender.name }), <UserIcon size={20} />, () => onOpen("person"))}
      {acts.canReport(item) && command(t("acting.report"), <FlagIcon />, () => onOpen("report"))}
      {acts.canDelete(item) &&
        command(
          t("acting.delete"),
          <TrashIcon />,
          then(() => acts.remove(item)),
          "danger",
        )}
    </div>
  );
}
