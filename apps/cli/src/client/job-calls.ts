import {
  artifactList,
  type CreateExportBody,
  type CreateJobInput,
  createExportAnswer,
  type ExportView,
  type JobEstimate,
  jobEstimate,
} from "@espalier/contracts";
import type { z } from "zod";
import { posted } from "./posted.js";

/** How one call of the API is made. */
interface Calls {
  json<S extends z.ZodType>(path: string, schema: S, init?: RequestInit): Promise<z.infer<S>>;
}

/** Typed calls before a job and after it: what it would cost, and further exports of its search. */
export const jobCalls = ({ json }: Calls) => ({
  estimate: (body: CreateJobInput): Promise<JobEstimate> => json("/v1/jobs/estimate", jobEstimate, posted(body)),
  createExport: async (id: string, body: CreateExportBody): Promise<ExportView> =>
    (await json(`/v1/jobs/${encodeURIComponent(id)}/artifacts`, createExportAnswer, posted(body))).export,
  export: async (id: string, name: string): Promise<ExportView | undefined> => {
    const query = new URLSearchParams({ export: name });
    return (await json(`/v1/jobs/${encodeURIComponent(id)}/artifacts?${query}`, artifactList)).exports[0];
  },
});
