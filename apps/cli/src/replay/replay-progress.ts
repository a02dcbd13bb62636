import type { ReplayProgress } from "@espalier/contracts";
import { SingleBar } from "cli-progress";

const stageNames: Record<ReplayProgress["stage"], string> = {
  inputs: "hashing model and texts",
  statistics: "statistics",
  plan: "plan",
  recovery: "recovery",
  report: "models measured on the report text",
  export: "files written and verified",
};

/** One live line on stderr, nothing where that is no terminal. */
export function replayProgress(): { update(progress: ReplayProgress): void; stop(): void } {
  if (!process.stderr.isTTY) return { update: () => undefined, stop: () => undefined };
  const bar = new SingleBar({
    format: "{bar} {value}/{total} {text}",
    clearOnComplete: true,
    hideCursor: true,
    fps: 4,
  });
  bar.start(1, 0, { text: "" });
  return {
    update: ({ stage, done, of }) => {
      bar.setTotal(of);
      bar.update(done, { text: stageNames[stage] });
    },
    stop: () => bar.stop(),
  };
}
