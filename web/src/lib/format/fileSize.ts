const UNITS = ["kilobyte", "megabyte", "gigabyte"] as const;

/** A size as people say it: `1.2 MB`. */
export function sizeOf(bytes: number, locale: string): string {
  const step = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3) - 1));
  const value = Math.max(bytes / 1000 ** (step + 1), 1);
  const maximumFractionDigits = step > 0 && value < 10 ? 1 : 0;
  const format = {
    style: "unit",
    unit: UNITS[step] ?? "kilobyte",
    unitDisplay: "short",
    maximumFractionDigits,
  } as const;
  return new Intl.NumberFormat(locale, format).format(value);
}
