import type { StageProgress } from "@espalier/pipeline";

/** Reports are written to a row: twice a second is enough for people, and the last of a stage always passes. */
const REPORT_EVERY_MS = 500;

/** Passes on what is worth a row: the first of a stage, the last, and at most one in a while. */
export function throttled(report: (progress: StageProgress) => void): (progress: StageProgress) => void {
  let last = Number.NEGATIVE_INFINITY;
  let stage: string | undefined;
  return (progress) => {
    const now = performance.now();
    if (progress.stage === stage && progress.done < progress.of && now - last < REPORT_EVERY_MS) return;
    last = now;
    stage = progress.stage;
    report(progress);
  };
}
