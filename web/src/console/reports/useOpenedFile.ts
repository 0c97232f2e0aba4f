import { useEffect, useState } from "react";

import { useConsoleClient } from "../ConsoleClientContext";
import type { OpenedFile } from "../types";
import { useAct } from "../useAct";

/** As long as the addresses of a file are good. What was shown is hidden again then. */
const SHOWN_MS = 5 * 60_000;

interface OpenedFileState {
  /** Null while nothing is shown. */
  readonly opened: OpenedFile | null;
  readonly isBusy: boolean;
  /** Why it could not be opened, in words. */
  readonly failure: string | null;
  /** Opens it, which is recorded, or hides it again. */
  toggle(): void;
}

/** A file of a report, from when a moderator asks for it. */
export function useOpenedFile(reportId: string, fileId: string): OpenedFileState {
  const client = useConsoleClient();
  const { act, isBusy, failure } = useAct();
  const [opened, setOpened] = useState<OpenedFile | null>(null);
  useEffect(() => {
    if (opened === null) return undefined;
    const timer = setTimeout(() => setOpened(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [opened]);
  const open = async (): Promise<void> => {
    const path = `/api/admin/reports/${encodeURIComponent(reportId)}/files/${encodeURIComponent(fileId)}`;
    setOpened((await client.request<OpenedFile>(path, { method: "POST" })).data);
  };
  return { opened, isBusy, failure, toggle: () => (opened === null ? act(open) : setOpened(null)) };
}
