import { getRouteApi } from "@tanstack/react-router";
import { useApi } from "../../../api/api-context.js";
import type { TrialFilter } from "../../../api/trial-queries.js";
import { Panel } from "../../../ui/panel.js";
import { useJob } from "../job-context.js";
import { CsvButton } from "./csv-button.js";
import { ListedTrials } from "./listed-trials.js";
import { NumberedTrials } from "./numbered-trials.js";
import { TrialsForm } from "./trials-form.js";
import { isByNumber, type TrialsSearch } from "./trials-search.js";

const route = getRouteApi("/jobs/$id/trials");

/** What the API is asked for a search. */
const filterOf = ({ sort = "number", state, below }: TrialsSearch): TrialFilter => ({
  sort,
  ...(state && { state }),
  ...(below !== undefined && { max_score: Math.log(below) }),
});

/** Every trial of a job. */
export function TrialsPage() {
  const { job } = useJob();
  const { source } = useApi();
  const search: TrialsSearch = route.useSearch();
  const { completed, pruned, failed, infeasible } = job.trials;
  const settled = completed + pruned + failed + infeasible;
  if (source === "report") {
    return (
      <Panel title="Trials" hint="The best trials of the search, best first; the service has all of them.">
        <ListedTrials id={job.id} filter={{ sort: "score" }} settled={settled} />
      </Panel>
    );
  }
  const filter = filterOf(search);
  return (
    <Panel
      title="Trials"
      hint="Perplexity on the scoring text, the mean over all sparsities; ≈ marks the estimate of a trial that lost its race and stopped."
      actions={<CsvButton id={job.id} filter={filter} />}
    >
      <TrialsForm search={search} />
      {isByNumber(search) ? (
        <NumberedTrials id={job.id} at={search.at} />
      ) : (
        <ListedTrials key={JSON.stringify(filter)} id={job.id} filter={filter} settled={settled} />
      )}
    </Panel>
  );
}
