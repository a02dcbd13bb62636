import { AppError } from "@espalier/contracts";
import { OUT_OF_MEMORY_DETAIL } from "./wire-error.js";

export interface ChildExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Last lines of its stderr. */
  readonly stderrTail: string;
  /** The system killed a process for want of memory while the task ran. */
  readonly memoryKill: boolean;
}

/** Last words of V8 and of C++ when an allocation fails for good. */
const LAST_WORDS = /out of memory|Reached heap limit|bad_alloc/i;

/** What the end of a child in the middle of a task means: retryable in any case. */
export function exitError({ code, signal, stderrTail, memoryKill }: ChildExit): AppError {
  if ((signal === "SIGKILL" && memoryKill) || LAST_WORDS.test(stderrTail)) {
    return new AppError("COMPUTE_OUT_OF_MEMORY", OUT_OF_MEMORY_DETAIL);
  }
  const how = signal === null ? `exit code ${code}` : signal;
  return new AppError("COMPUTE_LOST", `The compute process ended in the middle of a task (${how}). It is tried again.`);
}
