import { useState, type MouseEvent } from "react";
import { say } from "../../ui/snacks";
import type { FilePlace } from "../../realtime/keptFiles";
import type { Attachment } from "../../realtime/types";
import { useNewest } from "./useAddress";
import { useFilesTexts } from "./useFilesTexts";
import { MAX_READ_BYTES } from "./sources";
import { useSources } from "./useSources";

/** So long a browser may take to begin with what it was given. */
const GIVEN_MS = 60_000;

export interface Download {
  readonly phase: "idle" | "loading" | "gone";
  /** Of the link. */
  readonly href: string;
  onClick(event: MouseEvent): void;
}

/** A link that downloads a file, also without a network when it is kept here. */
export function useDownload(place: FilePlace | null, attachment: Attachment): Download {
  const { t } = useFilesTexts();
  const sources = useSources();
  const newest = useNewest(place, attachment);
  const [phase, setPhase] = useState<Download["phase"]>("idle");
  const { name, size } = attachment;
  const download = async (from: FilePlace): Promise<void> => {
    setPhase("loading");
    try {
      const blob = await sources.read(from, attachment, "content");
      if (blob !== null) save(blob, name);
      setPhase(blob === null ? "gone" : "idle");
    } catch {
      setPhase("idle");
      say(t("files.downloadFailed", { name }));
    }
  };
  return {
    phase,
    href: sources.resolve(newest.url),
    onClick: (event) => {
      // Smaller ones come through this page, which can say what becomes of them, and keeps them.
      if (place === null || size > MAX_READ_BYTES) return;
      event.preventDefault();
      if (phase === "idle") void download(place);
    },
  };
}

function save(blob: Blob, name: string): void {
  const href = URL.createObjectURL(blob);
  Object.assign(document.createElement("a"), { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), GIVEN_MS);
}
