import { Suspense, type ReactNode } from "react";

import { lazyPart } from "../../ui/lazyPart";
import type { ReportDialogProps } from "./ReportForm";

const ReportForm = lazyPart(async () => (await import("./later")).ReportForm);

/** Reports a message or a person to the moderators. */
export function ReportDialog(props: ReportDialogProps): ReactNode {
  return (
    <Suspense fallback={null}>
      <ReportForm {...props} />
    </Suspense>
  );
}
