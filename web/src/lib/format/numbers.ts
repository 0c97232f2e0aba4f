/** A count for a badge: exact up to `most`, then “99+”. */
export function formatBadge(count: number, locale: string, most = 99): string {
  const number = new Intl.NumberFormat(locale).format(Math.min(count, most));
  return count > most ? `${number}+` : number;
}
