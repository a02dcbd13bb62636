import type { StageOf } from "@espalier/contracts";
import { SingleBar } from "cli-progress";

/** One live line on stderr with the stage in words, nothing where that is no terminal. */
export function taskProgress<Stage extends string>(stageNames: Readonly<Record<Stage, string>>) {
  if (!process.stderr.isTTY) return { update: (_: StageOf<Stage>) => undefined, stop: () => undefined };
  const bar = new SingleBar({
    format: "{bar} {value}/{total} {text} · {eta_formatted} left",
    clearOnComplete: true,
    hideCursor: true,
    fps: 4,
  });
  let shown: Stage | undefined;
  bar.start(1, 0, { text: "" });
  return {
    update: ({ stage, done, of }: StageOf<Stage>) => {
      // The time left is that of the stage: what earlier ones took tells nothing of it.
      if (stage !== shown) bar.start(of, done, { text: stageNames[stage] });
      shown = stage;
      bar.update(done, { text: stageNames[stage] });
    },
    stop: () => bar.stop(),
  };
}
