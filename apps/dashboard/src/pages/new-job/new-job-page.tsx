import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useApi } from "../../api/api-context.js";
import { jobQuery } from "../../api/job-queries.js";
import { Loaded } from "../../ui/loaded.js";
import { PageHeader } from "../../ui/page-header.js";
import { bodyOfJob } from "./body-of-job.js";
import { JobForm } from "./job-form.js";
import type { Body } from "./json-pointer.js";
import type { NewJobSearch } from "./new-job-search.js";
import { useDraft } from "./use-draft.js";

const route = getRouteApi("/jobs/new");

const HEIGHT = 400;

/** A job's body, filled in or copied from another job, checked by the service while it is written. */
export function NewJobPage() {
  const { from }: NewJobSearch = route.useSearch();
  return (
    <>
      <PageHeader title="New job" hint="Three fields make a job; the rest has defaults that are good to begin with." />
      {from === undefined ? <DraftForm /> : <CopyForm key={from} from={from} />}
    </>
  );
}

function DraftForm() {
  const [body, setBody, clear] = useDraft();
  return <JobForm body={body} onBody={setBody} onDone={clear} />;
}

function CopyForm({ from }: { readonly from: string }) {
  const { client } = useApi();
  const query = useQuery(jobQuery(client, from));
  return (
    <Loaded query={query} height={HEIGHT}>
      {(job) => <CopiedForm first={bodyOfJob(job)} />}
    </Loaded>
  );
}

function CopiedForm({ first }: { readonly first: Body }) {
  const [body, setBody] = useState(first);
  return <JobForm body={body} onBody={setBody} onDone={() => undefined} />;
}
