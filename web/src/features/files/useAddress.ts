import { useEffect } from "react";
import { useStore } from "../../lib/useStore";
import type { FilePlace } from "../../realtime/keptFiles";
import type { Attachment } from "../../realtime/types";
import { endOf } from "./addresses";
import { useSources } from "./useSources";

/** So long before its end an address is replaced. */
const AHEAD_MS = 2 * 60_000;
const RETRY_MS = 60_000;
/** The longest that browsers wait. */
const MAX_WAIT_MS = 2 ** 31 - 1;

/** An attachment with addresses that hold, as long as it is shown. */
export function useNewest(place: FilePlace | null, attachment: Attachment): Attachment {
  const { addresses } = useSources();
  useStore(addresses.fresh);
  const newest = addresses.newest(attachment);
  useEffect(() => {
    const end = endOf(newest.url);
    if (end === null || place === null) return;
    let timer: ReturnType<typeof setTimeout>;
    const renew = (): void => {
      // Where it cannot be had, it is tried again; that the file is gone is found when it is wanted.
      addresses.renew(place).catch(() => wait(RETRY_MS));
    };
    const wait = (ms: number): void => {
      timer = setTimeout(renew, Math.min(Math.max(ms, 0), MAX_WAIT_MS));
    };
    wait(end - AHEAD_MS - Date.now());
    return () => clearTimeout(timer);
  }, [addresses, place, newest.url]);
  return newest;
}
