import { AppError, type CreateExportBody, type ExportProfile, type JobId, type ModelSource } from "@espalier/contracts";
import { jobNotFound, stateConflict } from "./job-conflict.js";
import type { ExportChoices, ExportKey, ExportStore } from "./ports/exports.js";
import type { QueuePort } from "./ports/stores.js";

export interface RequestExportDeps {
  readonly exports: Pick<ExportStore, "choices" | "ask">;
  readonly queue: QueuePort;
  /** Throws VALIDATION_FAILED at `/profile` where a form holds the model under no plan. */
  readonly checkProfile: (asked: { readonly model: ModelSource; readonly profile: ExportProfile }) => Promise<void>;
}

export interface RequestedExport {
  readonly name: string;
  /** False: it is there already. */
  readonly pending: boolean;
}

/**
 * Has another trial, sparsity or profile of a succeeded job exported; asking again for the same one finds it. Throws
 * VALIDATION_FAILED with a pointer, TRIAL_NOT_COMPLETED, JOB_STATE_CONFLICT or EXPORTS_PENDING.
 */
export function makeRequestExport({ exports, queue, checkProfile }: RequestExportDeps) {
  return async function requestExport(id: JobId, body: CreateExportBody): Promise<RequestedExport> {
    const choices = await exports.choices(id, body.trial);
    if (choices === undefined) throw jobNotFound(id);
    if (choices.state !== "succeeded") {
      throw stateConflict(id, choices.state, "export more models: only a job that succeeded can.");
    }
    const key = chosen(id, body, choices);
    await assertHeld(choices, key.profile, checkProfile);
    const asked = await exports.ask(id, exportName(key), key);
    if (asked === undefined) throw jobNotFound(id);
    if (asked.kind === "full") {
      throw new AppError("EXPORTS_PENDING", `Job '${id}' has many exports waiting. Ask again once some are ready.`);
    }
    const { kind, name } = asked;
    // Enqueueing may fail: the row is there, and reconciliation delivers it.
    if (kind === "pending") await queue.enqueue("export", { job_id: id, name }).catch(() => undefined);
    return { name, pending: kind === "pending" };
  };
}

/**
 * Forms of the first export hold the model. One that cannot is refused now and not by the worker; a model that cannot be
 * read now says nothing about its form, and an export that is there already is found without it.
 */
async function assertHeld(
  { model, profiles }: ExportChoices,
  profile: ExportProfile,
  checkProfile: RequestExportDeps["checkProfile"],
): Promise<void> {
  if (profiles.includes(profile)) return;
  await checkProfile({ model, profile }).catch((error: unknown) => {
    if (!(error instanceof AppError) || error.code === "VALIDATION_FAILED") throw error;
  });
}

/** Folder of an export that was asked for after the search. */
const exportName = ({ trialNumber, sparsity, profile }: ExportKey): string =>
  `trial-${trialNumber}/sparsity-${sparsity}/${profile}`;

function chosen(id: JobId, { trial, sparsity, profile }: CreateExportBody, choices: ExportChoices): ExportKey {
  const known = choices.sparsities.join(", ");
  const [only, ...more] = choices.sparsities;
  const asked = sparsity ?? (more.length === 0 ? only : undefined);
  if (asked === undefined) throw refused("/sparsity", `The job has several sparsities; name one of ${known}.`);
  if (!choices.sparsities.includes(asked)) {
    throw refused("/sparsity", `The search did not score sparsity ${asked}; it has ${known}.`);
  }
  const trialNumber = trial ?? choices.best.get(asked);
  if (trialNumber === undefined) throw refused("/trial", `No trial of the job completed at sparsity ${asked}.`);
  const form = profile ?? choices.profiles[0] ?? "native";
  if (form === "uniform" && choices.layout !== "uniform") {
    throw refused("/profile", "Profile 'uniform' needs a job with target.layout 'uniform'.");
  }
  if (trial !== undefined) checkTrial(id, trial, choices);
  return { trialNumber, sparsity: asked, profile: form };
}

function checkTrial(id: JobId, trial: number, { trialState }: ExportChoices): void {
  if (trialState === undefined) {
    throw refused("/trial", `Job '${id}' has no trial ${trial}. List them with GET /v1/jobs/${id}/trials.`);
  }
  if (trialState === "completed") return;
  const detail = `Trial ${trial} of job '${id}' is ${trialState}; only completed trials can be exported.`;
  throw new AppError("TRIAL_NOT_COMPLETED", detail, { errors: [{ detail, pointer: "/trial" }] });
}

const refused = (pointer: string, detail: string): AppError =>
  new AppError("VALIDATION_FAILED", detail, { errors: [{ detail, pointer }] });
