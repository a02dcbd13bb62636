import { binaryElementwise } from "./elementwise.js";

/** Sum of two values, element by element, broadcast. */
export const add = binaryElementwise("Add");
