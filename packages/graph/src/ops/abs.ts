import { unaryElementwise } from "./elementwise.js";

/** |x|, element by element. */
export const abs = unaryElementwise("Abs");
