const KB = 1024;
const UNITS = [
  ['megabyte', KB * KB],
  ['kilobyte', KB],
] as const;

/** Says a size, in bytes, the way people do: "1.5 MB", "12 kB", "300 byte"; never "0 kB" for what is not empty. */
export function sizeText(bytes: number, language: string): string {
  const [unit, factor] = UNITS.find(([, least]) => bytes >= least) ?? ['byte', 1];
  const amount = bytes / factor;
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit,
    unitDisplay: 'short',
    maximumFractionDigits: amount < 10 ? 1 : 0,
  }).format(amount);
}
