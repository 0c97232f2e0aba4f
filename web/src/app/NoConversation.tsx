import type { ReactNode } from "react";

import { useTranslation } from "../lib/i18n/useTranslation";
import { EmptyState } from "../ui/EmptyState";
import { ChatIcon } from "../ui/icons";

/** What a desk shows beside the list while none is chosen. On a phone the list is all there is. */
export function NoConversation({ isHidden }: { readonly isHidden: boolean }): ReactNode {
  const { t } = useTranslation();
  if (isHidden) return null;
  return (
    <main className="hc-chat__none" tabIndex={-1}>
      <EmptyState icon={<ChatIcon size={26} />} title={t("list.chooseOne")} hint={t("list.chooseOneHint")} />
    </main>
  );
}
