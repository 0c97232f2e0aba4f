const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;
const STEP = 1_024;

/** Bytes as people say them: “2.4 MB”. The steps are of 1,024, as limits are. */
export function formatFileSize(bytes: number, locale: string): string {
  let power = 0;
  // What would be rounded to 1,024 of a unit is one of the next.
  while (power < UNITS.length - 1 && Math.round(bytes / STEP ** power) >= STEP) power += 1;
  const amount = bytes / STEP ** power;
  return new Intl.NumberFormat(locale, {
    style: "unit",
    unit: UNITS[power] ?? "byte",
    unitDisplay: power === 0 ? "long" : "short",
    maximumFractionDigits: power > 1 && amount < 100 ? 1 : 0,
  }).format(amount);
}
