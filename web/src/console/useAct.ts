import { useState } from "react";

import { toChatError } from "../lib/api/chatError";
import { describeError } from "../lib/i18n/describeError";
import { useTranslation } from "../lib/i18n/useTranslation";

interface Acting {
  /** Does something, one thing at a time. */
  act(work: () => Promise<void>): void;
  readonly isBusy: boolean;
  /** Why the last one failed, in words; null when it did not. */
  readonly failure: string | null;
}

/** What a button does, as long as it takes, and why it could not. */
export function useAct(): Acting {
  const { t } = useTranslation();
  const [isBusy, setIsBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const act = (work: () => Promise<void>): void => {
    if (isBusy) return;
    setIsBusy(true);
    setFailure(null);
    work()
      .catch((cause: unknown) => setFailure(describeError(toChatError(cause), t)))
      .finally(() => setIsBusy(false));
  };
  return { act, isBusy, failure };
}
