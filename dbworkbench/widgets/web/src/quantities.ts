// Numbers as a person reads them: three digits and a unit.

export function three(number: number): string {
  if (!Number.isFinite(number)) return "∞";
  if (number === 0) return "0";
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(number))));
  return number >= 1000 ? Math.round(number).toLocaleString("en") : Number(number.toFixed(Math.min(digits, 6))).toString();
}

export function duration(seconds: number): string {
  const [unit, factor] = seconds >= 0.9995 ? ["s", 1] : seconds >= 0.0009995 ? ["ms", 1e3] : ["µs", 1e6];
  return `${three(seconds * (factor as number))} ${unit}`;
}

export const ratio = three;

export function size(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let at = 0;
  while (bytes >= 999.5 && at < units.length - 1) {
    bytes /= 1000;
    at++;
  }
  return `${three(bytes)} ${units[at]}`;
}
