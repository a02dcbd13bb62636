import { formatBytes, formatCount, formatPerplexity } from "@espalier/contracts";
import type { JobEvent } from "../../../api/job-events.js";

type Data = JobEvent["data"];

const number = (data: Data, name: string): number | null => {
  const value = data[name];
  return typeof value === "number" ? value : null;
};
const text = (data: Data, name: string): string | null => {
  const value = data[name];
  return typeof value === "string" ? value : null;
};
/** A score is a logarithm of perplexities; what people compare is the perplexity. */
const perplexity = (score: number | null): string => (score === null ? "∞" : formatPerplexity(Math.exp(score)));
const count = (data: Data, name: string): string => formatCount(number(data, name) ?? 0);
const trial = (data: Data): string => `Trial ${number(data, "number") ?? "?"}`;

const settled = (data: Data): string => {
  const [score, best] = [number(data, "score"), number(data, "best")];
  const state = text(data, "state");
  if (state !== "completed")
    return `${trial(data)} ${state === "pruned" ? "lost the race and stopped early" : `ended ${state}`}`;
  const isBest = score !== null && score === best;
  return `${trial(data)} scored ${perplexity(score)}${isBest ? ": the best so far" : ""}`;
};

/** What happened, by type of event: a new type without a sentence does not build. */
const sentences: Record<JobEvent["type"], (data: Data) => string> = {
  "job.queued": () => "Submitted; waits for a worker",
  "job.started": () => "A worker began with the profile",
  "job.progress": (data) => `${count(data, "done")} of ${count(data, "of")} ${text(data, "unit") ?? ""}`.trim(),
  "job.searching": (data) => `The search begins: ${count(data, "trials")} trials`,
  "job.paused": () => "Paused",
  "job.resumed": () => "Resumed",
  "job.exporting": (data) =>
    `The search is over after ${count(data, "trials")} trials; the winners are measured and written`,
  "job.pareto_updated": (data) => `The Pareto front has ${count(data, "points")} points now`,
  "job.succeeded": () => "Done",
  "job.failed": () => "Failed",
  "job.cancelled": () => "Cancelled",
  "trial.settled": settled,
  "trial.superseded": (data) => `${trial(data)} was scored again; its earlier result no longer counts`,
  "artifact.ready": (data) =>
    `${count(data, "files")} files are ready (${formatBytes(number(data, "size_bytes") ?? 0)})`,
  "artifact.failed": () => "An export failed",
};

/** One event as a sentence. */
export const eventSentence = ({ type, data }: JobEvent): string => sentences[type](data);
