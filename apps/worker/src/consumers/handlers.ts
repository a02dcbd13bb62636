import type { QueueName, QueuePayload } from "@espalier/contracts";
import {
  type ComputePort,
  type ExportStore,
  type JobStore,
  type Log,
  makeBuildArtefact,
  makeExportTrial,
  makeProfileModel,
  makeRunTrial,
  type QueuePort,
  type Tracing,
  type TrialStore,
  type WorkerIdentity,
} from "@espalier/pipeline";
import { type DeliverWebhookDeps, deliverWebhook } from "@espalier/webhooks";

export interface HandlerDeps {
  readonly jobs: JobStore;
  readonly trials: TrialStore;
  readonly exports: ExportStore;
  readonly compute: ComputePort;
  readonly queue: QueuePort;
  readonly worker: WorkerIdentity;
  readonly log: Log;
  readonly webhooks: Omit<DeliverWebhookDeps, "log" | "tracing">;
  readonly tracing?: Tracing | undefined;
}

/** A handler for every queue; a queue of the contract without one does not compile. */
export type Handlers = { readonly [N in QueueName]: (payload: QueuePayload<N>) => Promise<void> };

/** What runs for each message: steps of the pipeline, which claim, work and settle. */
export function makeHandlers(deps: HandlerDeps): Handlers {
  const buildArtefact = makeBuildArtefact(deps);
  const exportTrial = makeExportTrial(deps);
  const deliver = deliverWebhook({ ...deps.webhooks, log: deps.log, tracing: deps.tracing });
  return {
    profile: makeProfileModel(deps),
    trial: makeRunTrial(deps),
    export: ({ job_id, name }) => (name === undefined ? buildArtefact({ job_id }) : exportTrial(job_id, name)),
    webhook: deliver,
    slow_webhook: deliver,
  };
}
