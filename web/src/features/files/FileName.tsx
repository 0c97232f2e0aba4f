import type { ReactNode } from "react";
import { splitName } from "./shown";

/** A file's name on one line, in its own direction. Where it is too long its middle goes, and one still sees what it is. */
export function FileName({ name }: { readonly name: string }): ReactNode {
  const [start, end] = splitName(name);
  return (
    <bdi className="hc-file-name" dir="auto" title={name}>
      <span className="hc-file-name__start">{start}</span>
      {end !== "" && <span className="hc-file-name__end">{end}</span>}
    </bdi>
  );
}
