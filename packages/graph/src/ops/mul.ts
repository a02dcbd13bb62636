import { binaryElementwise } from "./elementwise.js";

/** Product of two values, element by element, broadcast. */
export const mul = binaryElementwise("Mul");
