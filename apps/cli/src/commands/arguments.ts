import { InvalidArgumentError } from "commander";

/** Parses a whole number within bounds. */
export const wholeNumber =
  (min: number, max: number) =>
  (text: string): number => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`'${text}' is not a whole number from ${min} to ${max}.`);
  };

/** Parses `0.2` or `0.2,0.5`: shares of the prunable parameters to remove. */
export function sparsityList(text: string): number[] {
  const values = text.split(",").map(Number);
  if (values.every((value) => value > 0 && value < 1)) return values;
  throw new InvalidArgumentError(`'${text}' is not a share between 0 and 1, or several separated by commas.`);
}

/** Parses a number above 0. */
export function positiveNumber(text: string): number {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError(`'${text}' is not a number above 0.`);
}

/** Parses a share between 0 and 1, both allowed. */
export function share(text: string): number {
  const value = Number(text);
  if (value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError(`'${text}' is not a share from 0 to 1.`);
}

/** Parses `native,uniform`. */
export const nameList = (text: string): string[] => text.split(",").map((name) => name.trim());
