import { useEffect } from "react";

import { describeError } from "../../lib/i18n/describeError";
import { useRoomActionTexts } from "../../lib/i18n/useRoomActionTexts";
import { useTranslation } from "../../lib/i18n/useTranslation";
import { say } from "../../ui/snacks";
import { useChatClient } from "../session";

/** Says a word when something that was done is undone because the server has refused it. */
export function useRefusals(): void {
  const { refusals } = useChatClient();
  const { t } = useRoomActionTexts();
  const { t: general } = useTranslation();
  useEffect(
    () =>
      refusals.subscribe(() => {
        const refusal = refusals.getSnapshot();
        if (refusal === null) return;
        say(t(`room.refused.${refusal.action.kind}`, { reason: describeError(refusal.error, general) }));
      }),
    [refusals, t, general],
  );
}
