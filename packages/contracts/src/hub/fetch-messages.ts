import type { ErrorCode } from "../errors/catalogue.js";

/** What the process that downloads a model tells the command line. */
export type FromFetch =
  | { readonly kind: "progress"; readonly doneBytes: number; readonly totalBytes: number }
  | { readonly kind: "done"; readonly hub: string; readonly revision: string; readonly path: string }
  | { readonly kind: "failed"; readonly code: ErrorCode; readonly message: string };
