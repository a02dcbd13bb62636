import { unaryElementwise } from "./elementwise.js";

/** −x, element by element. */
export const neg = unaryElementwise("Neg");
