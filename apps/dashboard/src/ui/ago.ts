const units: readonly (readonly [name: Intl.RelativeTimeFormatUnit, seconds: number])[] = [
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];

const words = new Intl.RelativeTimeFormat("en-GB", { numeric: "always", style: "long" });

/** "3 minutes ago"; both in milliseconds. Clocks may differ a little, so what is yet to come is "just now". */
export function ago(then: number, now: number): string {
  const seconds = (now - then) / 1000;
  const unit = units.find(([, size]) => seconds >= size);
  return unit === undefined ? "just now" : words.format(-Math.floor(seconds / unit[1]), unit[0]);
}
