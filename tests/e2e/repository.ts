import { fileURLToPath } from "node:url";

/** A path below the root of this repository. */
export const repository = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
