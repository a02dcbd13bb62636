import type { Job } from "@espalier/client";
import { formatDuration, formatPerplexity, type Progress } from "@espalier/contracts";
import { SingleBar } from "cli-progress";

const stageNames: Record<Progress["stage"], string> = {
  queued: "waiting for a worker",
  downloading: "download of the model",
  profiling: "profile: statistics",
  baselines: "profile: baselines",
  searching: "search: trials",
  recovering: "recovery",
  exporting: "export",
  done: "done",
};

/** `bar`: one live line for a terminal; `lines`: a line whenever something changed; `quiet`: nothing. */
export type ProgressStyle = "bar" | "lines" | "quiet";

/** Progress goes to stderr and is quiet when that is no terminal. */
export const defaultProgressStyle = (): ProgressStyle => (process.stderr.isTTY ? "bar" : "quiet");

export interface JobProgress {
  update(job: Job): void;
  stop(): void;
}

function describe({ progress, best, pause }: Job): string {
  const count = progress.of > 0 ? ` ${progress.done}/${progress.of} ${progress.unit}` : "";
  const found = best
    .map(
      ({ sparsity, scoring_perplexity }) => `${Math.round(sparsity * 100)} %: ${formatPerplexity(scoring_perplexity)}`,
    )
    .join(", ");
  const left = progress.eta_seconds === null ? "" : ` · ${formatDuration(progress.eta_seconds)} left`;
  const rests = pause === null ? "" : `paused${pause.reason === null ? "" : `: ${pause.reason.detail}`} · `;
  return `${rests}${stageNames[progress.stage]}${count}${found === "" ? "" : ` · best so far ${found}`}${left}`;
}

function bar(): JobProgress {
  const view = new SingleBar({ format: "{bar} {percentage}% {text}", clearOnComplete: true, hideCursor: true, fps: 4 });
  view.start(100, 0, { text: "" });
  return {
    update: (job) => view.update(Math.floor(job.progress.fraction * 100), { text: describe(job) }),
    stop: () => view.stop(),
  };
}

function lines(): JobProgress {
  let last = "";
  return {
    update(job) {
      const { stage, done } = job.progress;
      const key = `${stage} ${done} ${job.pause?.since}`;
      if (key === last) return;
      last = key;
      process.stderr.write(`  ${String(Math.floor(job.progress.fraction * 100)).padStart(3)} %  ${describe(job)}\n`);
    },
    stop: () => undefined,
  };
}

const quiet: JobProgress = { update: () => undefined, stop: () => undefined };

export function jobProgress(style: ProgressStyle): JobProgress {
  switch (style) {
    case "bar":
      return bar();
    case "lines":
      return lines();
    case "quiet":
      return quiet;
  }
}
