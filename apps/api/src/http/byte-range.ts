import { AppError } from "@espalier/contracts";

/** Inclusive positions of the bytes to send. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * Bytes that a `Range` header asks of a file of `size` bytes (RFC 9110 §14). Undefined: send everything, for no header,
 * another unit, several ranges or bad syntax. Throws RANGE_NOT_SATISFIABLE for a range that starts past the end.
 */
export function parseRange(header: string | undefined, size: number): Range | undefined {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? "");
  const [first, last] = [match?.[1] ?? "", match?.[2] ?? ""];
  if (match === null || (first === "" && last === "")) return undefined;
  if (first !== "" && last !== "" && Number(last) < Number(first)) return undefined;
  const start = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === "" || last === "" ? size - 1 : Math.min(Number(last), size - 1);
  if (start >= size) {
    throw new AppError("RANGE_NOT_SATISFIABLE", `'${match[0]}' lies outside the file, which has ${size} bytes.`);
  }
  return { start, end };
}
