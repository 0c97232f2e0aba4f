import type { ReactNode } from "react";
import "./TypingBubble.css";

/** Three dots that breathe while somebody writes. The header says it in words, so this is silent. */
export function TypingBubble(): ReactNode {
  return (
    <div className="hc-typing" aria-hidden="true">
      <span className="hc-typing__bubble">
        <i className="hc-typing__dot" />
        <i className="hc-typing__dot" />
        <i className="hc-typing__dot" />
      </span>
    </div>
  );
}
