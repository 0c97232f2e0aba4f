/** A count for a badge: exact up to 99, then “99+”. */
export function formatBadge(count: number, locale: string): string {
  const number = new Intl.NumberFormat(locale).format(Math.min(count, 99));
  return count > 99 ? `${number}+` : number;
}
