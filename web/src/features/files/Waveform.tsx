import { useMemo, type ReactNode } from "react";

const BARS = 40;
const STEP = 4;
const HEIGHT = 28;
const LOWEST = 2;

interface WaveformProps {
  /** 0 to 100 each; null where they are not known. */
  readonly levels: readonly number[] | null;
  /** How much of it was played, 0 to 1. */
  readonly part: number;
}

/** How loud it is from beginning to end; what was played stands out. Without levels, a line. */
export function Waveform({ levels, part }: WaveformProps): ReactNode {
  const path = useMemo(() => pathOf(levels ?? []), [levels]);
  return (
    <svg
      className="hc-wave"
      viewBox={`0 0 ${BARS * STEP} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
      style={{ "--hc-wave-part": `${(100 * (1 - part)).toFixed(2)}%` } as React.CSSProperties}
    >
      <path className="hc-wave__all" d={path} />
      <path className="hc-wave__played" d={path} />
    </svg>
  );
}

function pathOf(levels: readonly number[]): string {
  return Array.from({ length: BARS }, (_, bar) => {
    const height = Math.max(LOWEST, (levelAt(levels, bar) / 100) * (HEIGHT - 4));
    return `M${bar * STEP + 2} ${((HEIGHT - height) / 2).toFixed(1)}v${height.toFixed(1)}`;
  }).join("");
}

/** The loudest of the levels that a bar stands for. */
function levelAt(levels: readonly number[], bar: number): number {
  const [start, end] = [(bar * levels.length) / BARS, ((bar + 1) * levels.length) / BARS];
  return Math.max(0, ...levels.slice(Math.floor(start), Math.max(Math.floor(start) + 1, Math.ceil(end))));
}
