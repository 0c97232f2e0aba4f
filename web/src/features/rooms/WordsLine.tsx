import type { ReactNode } from "react";

import { Snackbar } from "../../ui/Snackbar";
import { useRefusals } from "./useRefusals";

/** The line at the bottom of the page that says what was done, and what was refused. */
export function WordsLine(): ReactNode {
  useRefusals();
  return <Snackbar />;
}
