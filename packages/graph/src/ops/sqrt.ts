import { unaryElementwise } from "./elementwise.js";

/** √x, element by element. */
export const sqrt = unaryElementwise("Sqrt");
