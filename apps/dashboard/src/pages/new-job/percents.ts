const PERCENT = 100;
/** Enough that 0.35 becomes 35 and back. */
const DIGITS = 12;

const precise = (value: number): number => Number(value.toPrecision(DIGITS));

/** "20, 35" as `[0.2, 0.35]`, one number alone as itself; undefined for nothing, the text itself where it holds no numbers. */
export function sharesOf(text: string): number | readonly number[] | string | undefined {
  const parts = text.split(/[\s,;%]+/).filter((part) => part !== "");
  const [first, ...more] = parts.map((part) => precise(Number(part) / PERCENT));
  if (first === undefined) return undefined;
  const shares = [first, ...more];
  if (shares.some((share) => Number.isNaN(share))) return text;
  return more.length === 0 ? first : shares;
}

/** The text that `sharesOf` reads so. */
export function percentsOf(shares: unknown): string {
  if (typeof shares === "string") return shares;
  const list: readonly unknown[] = Array.isArray(shares) ? shares : shares === undefined ? [] : [shares];
  return list.map((share) => (typeof share === "number" ? precise(share * PERCENT) : String(share))).join(", ");
}
