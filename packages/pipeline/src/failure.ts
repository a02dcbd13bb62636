import { AppError, type ErrorCode } from "@espalier/contracts";

/** How an error ends a piece of work: its code, a text for the client, and whether trying again may help. */
export interface Classified {
  readonly code: ErrorCode;
  readonly detail: string;
  readonly retryable: boolean;
}

/** Whether a service was away: no fault of the work. */
export const isAway = (error: unknown): boolean => error instanceof AppError && error.code === "SERVICE_UNAVAILABLE";

/** Only messages of AppErrors are written for clients; anything else stays in the log. */
export function classify(error: unknown): Classified {
  if (error instanceof AppError) return { code: error.code, detail: error.message, retryable: error.retryable };
  return { code: "INTERNAL", detail: "An unexpected error; the worker's log has it.", retryable: false };
}
