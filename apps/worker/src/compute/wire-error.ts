import { AppError } from "@espalier/contracts";
import type { WireError } from "./messages.js";

/** Texts with which allocators and the runtime say that memory is gone. */
const OUT_OF_MEMORY =
  /bad_alloc|bad allocation|out of memory|failed to allocate|array buffer allocation failed|ENOMEM/i;

/** The system's codes for a disk that takes no more. */
const DISK_FULL = new Set(["ENOSPC", "EDQUOT"]);

/** An error as it leaves the child. Only AppErrors have a message for clients; what else happened stays in the log. */
export function toWire(error: unknown): WireError {
  if (error instanceof AppError) return { code: error.code, message: error.message, errors: error.errors };
  if (error instanceof Error && OUT_OF_MEMORY.test(error.message)) {
    return { code: "COMPUTE_OUT_OF_MEMORY", message: OUT_OF_MEMORY_DETAIL, errors: [] };
  }
  if (error instanceof Error && "code" in error && DISK_FULL.has(String(error.code))) {
    return { code: "STORAGE_FULL", message: DISK_FULL_DETAIL, errors: [] };
  }
  return { code: "INTERNAL", message: "An unexpected error in the arithmetic; the worker's log has it.", errors: [] };
}

/** The error on the parent's side. */
export const fromWire = ({ code, message, errors }: WireError): AppError => new AppError(code, message, { errors });

export const OUT_OF_MEMORY_DETAIL =
  "The compute process ran out of memory. Lower ESPALIER_MEMORY_BYTES or ESPALIER_WORKER_CONCURRENCY, or use a machine with more.";

const DISK_FULL_DETAIL =
  "The disk that holds ESPALIER_DATA_DIR is full. Nothing half-written is left. Make room; a paused job then goes on when it is resumed.";
