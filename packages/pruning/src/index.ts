// Units, mixing, allocation, plan, compensation.
export * from "./units/index.js";
