import { useEffect, useState } from "react";

const COPIED_SHOWN_MS = 2_000;

interface Copying {
  /** Pages without TLS may not write to the clipboard. */
  readonly canCopy: boolean;
  /** For two seconds after it was. */
  readonly isCopied: boolean;
  readonly copy: (text: string) => void;
}

/** Takes a text to the clipboard, and tells that it is there. */
export function useCopying(): Copying {
  const [isCopied, setIsCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setIsCopied(false), COPIED_SHOWN_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = (text: string): void =>
    void navigator.clipboard.writeText(text).then(
      () => setIsCopied(true),
      () => setIsCopied(false),
    );
  return { canCopy: "clipboard" in navigator, isCopied, copy };
}
