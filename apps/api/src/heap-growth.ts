import { setFlagsFromString } from "node:v8";

/** How much garbage the heap may gather on top of what lives, in percent, before it is collected. */
const GROWTH_PERCENT = 25;

/**
 * Makes the garbage collector keep this process small. By itself V8 lets the heap grow to about four times what lives
 * where the machine has memory to spare: an export that needs a few megabytes at a time then ends above 400.
 */
export const keepHeapSmall = (): void => setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
