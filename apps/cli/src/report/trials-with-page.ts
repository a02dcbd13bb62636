import { type ApiClient, type Job, ProblemError } from "@espalier/client";
import { bestTrials } from "./best-trials.js";

/** More would make a report of a large model too big to send. */
const MOST = 60;

/** Trials whose page a report holds: what each sparsity found, then the Pareto front, then the best ones. */
export async function trialsWithPage(api: ApiClient, { id, best }: Job): Promise<readonly number[]> {
  const found = best.map(({ trial_number }) => trial_number);
  const front = await api.GET("/v1/jobs/{id}/pareto", { params: { path: { id } } }).catch(noneYet);
  const ranked = [
    ...found,
    ...(front.data?.points ?? []).map(({ trial_number }) => trial_number),
    ...(await bestTrials(api, id)),
  ];
  return [...new Set(ranked.flatMap((number) => number ?? []))].slice(0, MOST);
}

/** A search that has not begun has no front. */
function noneYet(error: unknown): { readonly data?: undefined } {
  if (error instanceof ProblemError) return {};
  throw error;
}
