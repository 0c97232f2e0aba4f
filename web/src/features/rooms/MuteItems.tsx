import type { ReactNode } from "react";

import { useNow } from "../../lib/format/useNow";
import { useRoomActionTexts } from "../../lib/i18n/useRoomActionTexts";
import { BellIcon, MutedIcon } from "../../ui/icons";
import { MenuGroup, MenuItem } from "../../ui/MenuItem";
import { muteChoices, mutedUntil, untilOf, usePreferences } from "../preferences";

interface MuteItemsProps {
  readonly roomId: string;
  /** Until when (ISO-8601); null ends it. */
  onChoose(until: string | null): void;
}

/** The part of a conversation's menu that silences it, or ends that. */
export function MuteItems({ roomId, onChoose }: MuteItemsProps): ReactNode {
  const { t } = useRoomActionTexts();
  const { preferences } = usePreferences();
  const isMuted = mutedUntil(preferences, roomId, useNow()) !== null;
  return (
    <MenuGroup label={t("mute.heading")}>
      {isMuted ? (
        <MenuItem icon={<BellIcon size={18} />} onSelect={() => onChoose(null)}>
          {t("mute.unmute")}
        </MenuItem>
      ) : (
        muteChoices.map((choice) => (
          <MenuItem key={choice} icon={<MutedIcon size={18} />} onSelect={() => onChoose(untilOf(choice, Date.now()))}>
            {t(`mute.for.${choice}`)}
          </MenuItem>
        ))
      )}
    </MenuGroup>
  );
}
