import { binaryElementwise } from "./elementwise.js";

/** Difference of two values, element by element, broadcast. */
export const sub = binaryElementwise("Sub");
