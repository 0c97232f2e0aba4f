import { Suspense, type ReactNode } from "react";

import { useTranslation } from "../../lib/i18n/useTranslation";
import { Dialog } from "../../ui/Dialog";
import { ListSkeleton } from "../conversations";
import { NewConversation } from "./lazyParts";
import type { NewConversationProps } from "./NewConversation";

interface NewConversationDialogProps extends NewConversationProps {
  onClose(): void;
}

/** Finds somebody by name, and opens the conversation with them. */
export function NewConversationDialog({ onClose, ...search }: NewConversationDialogProps): ReactNode {
  const { t } = useTranslation();
  return (
    <Dialog title={t("people.title")} closeLabel={t("app.close")} onClose={onClose}>
      <Suspense fallback={<ListSkeleton label={t("people.searching")} rows={5} />}>
        <NewConversation {...search} />
      </Suspense>
    </Dialog>
  );
}
