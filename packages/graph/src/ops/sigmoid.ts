import { unaryElementwise } from "./elementwise.js";

/** 1 / (1 + exp(−x)), element by element. */
export const sigmoid = unaryElementwise("Sigmoid");
