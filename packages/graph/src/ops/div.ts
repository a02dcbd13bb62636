import { binaryElementwise } from "./elementwise.js";

/** Quotient of two values, element by element, broadcast. */
export const div = binaryElementwise("Div");
