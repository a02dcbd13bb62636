const LARGEST = 2_147_483_647;

/** A trial's number in the URL; undefined for anything else. */
export const numberOf = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= LARGEST ? value : undefined;

/** A share between 0 and 1 in the URL; undefined for anything else. */
export const shareOf = (value: unknown): number | undefined =>
  typeof value === "number" && value > 0 && value < 1 ? value : undefined;
