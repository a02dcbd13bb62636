import { writeFileSync } from "node:fs";

/** Above what processes have by default (0), in the range of the kernel's own scale (−1000 to 1000). */
const SCORE = "500";

/**
 * Has Linux end this process, whose work is tried again, before its worker, the API or the database when memory runs out.
 * Raising one's own score needs no right; on other systems nothing happens.
 */
export function goFirstWhenMemoryRunsOut(): void {
  try {
    writeFileSync("/proc/self/oom_score_adj", SCORE);
  } catch {
    // Not Linux, or a system that hides it.
  }
}
