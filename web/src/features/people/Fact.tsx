import type { ReactNode } from "react";

interface FactProps {
  readonly label: string;
  readonly value: string;
  /** What the value means for the reader, a line each. */
  readonly notes?: readonly string[];
}

/** A line of a list of facts (`dl`). */
export function Fact({ label, value, notes = [] }: FactProps): ReactNode {
  return (
    <div className="hc-info__fact">
      <dt>{label}</dt>
      <dd>
        {value}
        {notes.map((note) => (
          <span key={note} className="hc-info__note">
            {note}
          </span>
        ))}
      </dd>
    </div>
  );
}
