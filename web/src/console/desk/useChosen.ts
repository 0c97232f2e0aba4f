import { useCallback } from "react";

import type { Place } from "../places";
import { useFocusedRow } from "./useFocusedRow";

/** The row of a list that is open beside it: its id, and how it is closed, which gives the focus back to the row. */
export function useChosen(place: Place): { readonly id: string | null; close(): void } {
  const id = place.get("id");
  const focusRow = useFocusedRow();
  const close = useCallback(() => {
    place.go({ id: null });
    focusRow(id);
  }, [place, focusRow, id]);
  return { id, close };
}
