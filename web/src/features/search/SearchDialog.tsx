import { Suspense, type ReactNode } from "react";
import { useTranslation } from "../../lib/i18n/useTranslation";
import { Dialog } from "../../ui/Dialog";
import { lazyPart } from "../../ui/lazyPart";
import { Spinner } from "../../ui/Spinner";
import type { SearchPaletteProps } from "./SearchPalette";

const SearchPalette = lazyPart(async () => (await import("./parts")).SearchPalette);

interface SearchDialogProps extends SearchPaletteProps {
  onClose(): void;
}

/** Finds people, conversations and messages; a page of its own on a phone. */
export function SearchDialog({ onClose, ...search }: SearchDialogProps): ReactNode {
  const { t } = useTranslation();
  return (
    <Dialog title={t("search.title")} closeLabel={t("app.close")} onClose={onClose}>
      <Suspense fallback={<Spinner label={t("search.title")} />}>
        <SearchPalette {...search} />
      </Suspense>
    </Dialog>
  );
}
