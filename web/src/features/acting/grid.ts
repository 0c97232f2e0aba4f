/** Where an arrow leads from the button that has the focus, among buttons that stand in rows; null: nowhere. */
export function nextInGrid(grid: HTMLElement, key: string): HTMLElement | null {
  const buttons = [...grid.querySelectorAll<HTMLElement>("button")];
  const at = buttons.findIndex((button) => button === document.activeElement);
  const current = buttons[at];
  if (current === undefined) return null;
  if (key === "ArrowRight") return buttons[at + 1] ?? null;
  if (key === "ArrowLeft") return buttons[at - 1] ?? null;
  if (key === "ArrowDown") return nearest(current, buttons.slice(at + 1));
  if (key === "ArrowUp") return nearest(current, buttons.slice(0, Math.max(at, 0)).reverse());
  return null;
}

/** Of the first other row that comes, the one that stands most in line. */
function nearest(current: HTMLElement, others: readonly HTMLElement[]): HTMLElement | null {
  const top = (element: HTMLElement): number => element.getBoundingClientRect().top;
  const first = others.find((other) => Math.abs(top(other) - top(current)) > 1);
  if (first === undefined) return null;
  const row: HTMLElement[] = [];
  for (const other of others.slice(others.indexOf(first))) {
    if (Math.abs(top(other) - top(first)) > 1) break;
    row.push(other);
  }
  const left = current.getBoundingClientRect().left;
  const away = (element: HTMLElement): number => Math.abs(element.getBoundingClientRect().left - left);
  return row.reduce((best, other) => (away(other) < away(best) ? other : best), first);
}
