import type { Job } from "@espalier/client";

type Stage = Job["progress"]["stage"];

/** What a job goes through, as its page tells it. */
export interface Step {
  readonly name: string;
  /** What happens there, for those who see it the first time. */
  readonly hint: string;
  readonly state: "done" | "now" | "ahead";
}

const steps: readonly { readonly name: string; readonly hint: string; readonly stages: readonly Stage[] }[] = [
  { name: "Queue", hint: "waits for a worker", stages: ["queued"] },
  {
    name: "Profile",
    hint: "statistics of the model, once, and the baselines",
    stages: ["downloading", "profiling", "baselines"],
  },
  { name: "Search", hint: "proposes, prunes and scores plans", stages: ["searching"] },
  { name: "Recover", hint: "trains the winners a little", stages: ["recovering"] },
  { name: "Export", hint: "measures on the report text, writes and verifies the model", stages: ["exporting"] },
  { name: "Done", hint: "ready to download", stages: ["done"] },
];

/** Steps of a job with where it is; recovery only where it was asked for. */
export function stepsOf({ progress, spec }: Pick<Job, "progress" | "spec">): readonly Step[] {
  const recovery = spec["recovery"] as { readonly method?: string } | undefined;
  const shown = steps.filter(({ name }) => name !== "Recover" || (recovery?.method ?? "none") !== "none");
  const here = shown.findIndex(({ stages }) => stages.includes(progress.stage));
  return shown.map(({ name, hint }, index) => ({
    name,
    hint,
    state: index < here || progress.stage === "done" ? "done" : index === here ? "now" : "ahead",
  }));
}
