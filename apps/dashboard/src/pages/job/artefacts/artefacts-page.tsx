import type { AnswerOf, Job } from "@espalier/client";
import { isTerminal } from "@espalier/contracts";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useApi } from "../../../api/api-context.js";
import { artifactsQuery } from "../../../api/job-queries.js";
import { modelsQuery } from "../../../api/service-queries.js";
import { Loaded } from "../../../ui/loaded.js";
import { Message } from "../../../ui/message.js";
import stack from "../../../ui/stack.module.css";
import { useJob } from "../job-context.js";
import { specOf } from "../spec-of.js";
import styles from "./artefacts-page.module.css";
import { ExportForm } from "./export-form.js";
import { ExportPanel } from "./export-panel.js";
import { artefactsSentence, exportsWithFiles } from "./exports-with-files.js";
import { PullLine } from "./pull-line.js";

const route = getRouteApi("/jobs/$id/artefacts");
const HEIGHT = 480;

/** Models that the job wrote: files, hashes, cards, and asking for more. */
export function ArtefactsPage() {
  const { job } = useJob();
  const { client } = useApi();
  const query = useQuery(artifactsQuery(client, job.id));
  return (
    <Loaded query={query} height={HEIGHT}>
      {(list) => (list.exports.length === 0 ? <NothingYet job={job} /> : <Exports list={list} />)}
    </Loaded>
  );
}

function Exports({ list }: { readonly list: AnswerOf<"listArtifacts"> }) {
  const { job } = useJob();
  const { source, client } = useApi();
  const { card } = route.useSearch();
  const { model, isUniform, sparsities } = specOf(job);
  const { data: models } = useQuery({ ...modelsQuery(client), enabled: source === "service" });
  const size_bytes = models?.data.find(({ name }) => name === model)?.size_bytes;
  return (
    <div className={stack.column}>
      <div>
        <p className={styles.summary}>{artefactsSentence(list.exports)}</p>
        <PullLine />
      </div>
      {exportsWithFiles(list).map((one) => (
        <ExportPanel
          key={one.made.name}
          {...one}
          dense={{ parameters: job.dense?.parameters, size_bytes }}
          isCardOpen={card === one.made.name}
        />
      ))}
      {source === "service" && job.state === "succeeded" && (
        <ExportForm sparsities={sparsities} isUniform={isUniform} />
      )}
    </div>
  );
}

function NothingYet({ job: { state } }: { readonly job: Job }) {
  return isTerminal(state) ? (
    <Message title="No files" tone="empty">
      The job {state}, so it wrote no model. Only a job that succeeds does.
    </Message>
  ) : (
    <Message title="No files yet" tone="empty">
      When the search is over its best plans are carried out, written, and compared with the figures of the search. Then
      their files appear here. “Finish” on the overview ends the search with the best plan so far.
    </Message>
  );
}
