import { useEffect, useState, type RefObject } from "react";
import { composesWords } from "./DraftLayer";
import { mentionQueryAt, type MentionQuery } from "./mentionQuery";

/** What is asked for where somebody writes; null while they write nowhere, or an input method is at work. */
export function useMentionQuery(input: RefObject<HTMLTextAreaElement | null>): MentionQuery | null {
  const [query, setQuery] = useState<MentionQuery | null>(null);
  useEffect(() => {
    const element = input.current;
    if (element === null) return;
    const listening = new AbortController();
    const { signal } = listening;
    let isComposing = false;
    const look = (): void => {
      const { value, selectionStart, selectionEnd } = element;
      const isWriting = document.activeElement === element && selectionStart === selectionEnd && !isComposing;
      const next = isWriting ? mentionQueryAt(value, selectionStart) : null;
      setQuery((now) => (now?.start === next?.start && now?.text === next?.text ? now : next));
    };
    const compose = (isNow: boolean) => (): void => {
      isComposing = isNow && !composesWords;
      look();
    };
    element.addEventListener("input", look, { signal });
    element.addEventListener("blur", look, { signal });
    element.addEventListener("focus", look, { signal });
    element.addEventListener("compositionstart", compose(true), { signal });
    element.addEventListener("compositionend", compose(false), { signal });
    document.addEventListener("selectionchange", look, { signal });
    return () => listening.abort();
  }, [input]);
  return query;
}
