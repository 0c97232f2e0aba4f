/**
 * How long to wait before trying again: twice as long after each failure up to `maxMs`, and somewhere between half of
 * that and all of it, so that thousands who lost the same server do not come back in the same moment.
 */
export function backoffMs(failures: number, bounds: { minMs: number; maxMs: number }, random = Math.random): number {
  const ceiling = Math.min(bounds.maxMs, bounds.minMs * 2 ** Math.min(failures, 16));
  return Math.round(ceiling * (0.5 + random() / 2));
}
