import type { HubProgress } from "@espalier/model/hub";

/** Bytes arrive in thousands of pieces a second; people read a few numbers. */
const EVERY_MS = 200;

/** Passes on at most one report in a while, and the last one. */
export function throttledBytes(report: (progress: HubProgress) => void): (progress: HubProgress) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (progress) => {
    const now = performance.now();
    if (progress.doneBytes < progress.totalBytes && now - last < EVERY_MS) return;
    last = now;
    report(progress);
  };
}
