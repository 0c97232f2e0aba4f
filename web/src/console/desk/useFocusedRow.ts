import { useCallback, useEffect, useState } from "react";

/** Gives the focus to the row of what was just closed, once the list is there again. */
export function useFocusedRow(): (id: string | null) => void {
  const [wanted, setWanted] = useState<{ readonly id: string } | null>(null);
  useEffect(() => {
    if (wanted === null) return;
    document.querySelector<HTMLElement>(`[data-row="${CSS.escape(wanted.id)}"]`)?.focus();
  }, [wanted]);
  return useCallback((id) => setWanted(id === null ? null : { id }), []);
}
