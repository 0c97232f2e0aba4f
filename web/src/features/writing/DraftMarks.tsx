import { useLayoutEffect, useMemo, useRef, type ReactNode, type RefObject } from "react";
import { BOLD, ITALIC, mayHaveMarks, parseMarks, Style, type Line, type Span } from "../../lib/text/marks";
import { classNames } from "../../ui/classNames";
import { DraftLayer } from "./DraftLayer";
import "./DraftMarks.css";

/** UTF-16 units, many messages long: what is longer is being shortened, and is shown as it is. */
const MAX_DRAWN = 20_000;

interface DraftMarksProps {
  readonly text: string;
  readonly input: RefObject<HTMLTextAreaElement | null>;
}

/**
 * A draft as its marks say, on top of the input, whose own letters are clear meanwhile: caret, selection, undo, input methods
 * and screen readers are the input's. Nothing here may change the width of a letter, or the two would drift apart.
 */
export function DraftMarks({ text, input }: DraftMarksProps): ReactNode {
  return mayHaveMarks(text) && text.length <= MAX_DRAWN ? <Drawn text={text} input={input} /> : null;
}

function Drawn({ text, input }: DraftMarksProps): ReactNode {
  const frame = useRef<HTMLDivElement | null>(null);
  const layer = useRef<DraftLayer | null>(null);
  const lines = useMemo(() => parseMarks(text), [text]);
  useLayoutEffect(() => {
    if (input.current === null || frame.current === null) return;
    const attached = new DraftLayer(input.current, frame.current);
    layer.current = attached;
    return () => attached.remove();
  }, [input]);
  useLayoutEffect(() => layer.current?.fit(), [text]);
  return (
    <div ref={frame} className="hc-draft" aria-hidden="true">
      <div className="hc-draft__text" dir="auto">
        {lines.map((line, index) => (
          <DraftLine key={index} line={line} isFirst={index === 0} />
        ))}
        {/* An empty line at the end has its height, too. */}
        {"\u200b"}
      </div>
    </div>
  );
}

function DraftLine({ line, isFirst }: { readonly line: Line; readonly isFirst: boolean }): ReactNode {
  return (
    <>
      {!isFirst && "\n"}
      <span className={classNames(line.isQuoted && "hc-draft__quote")}>
        {line.prefix !== "" && <span className="hc-draft__mark">{line.prefix}</span>}
        {line.spans.map((span, index) => (
          <DraftSpan key={index} span={span} />
        ))}
      </span>
    </>
  );
}

function DraftSpan({ span: { text, style } }: { readonly span: Span }): ReactNode {
  const has = (styles: number): boolean => (style & styles) !== 0;
  const isMark = has(Style.mark);
  const names = classNames(
    isMark && "hc-draft__mark",
    has(BOLD) && !isMark && "hc-draft__bold",
    has(Style.strike) && "hc-draft__strike",
    has(Style.code) && "hc-draft__code",
    has(Style.link) && !isMark && "hc-draft__link",
  );
  return <span className={names}>{has(ITALIC) && !isMark ? slanted(text) : text}</span>;
}

/** Word by word: each is given the width that it has upright. */
function slanted(text: string): ReactNode {
  return text.split(/(\s+)/).map((word, index) =>
    word.trim() === "" ? (
      word
    ) : (
      <span key={index} className="hc-draft__slanted">
        {word}
      </span>
    ),
  );
}
