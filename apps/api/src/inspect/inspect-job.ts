import { assertProfilesFit, jobBounds } from "@espalier/artefact";
import { type CreateJobBody, type DecoderShape, type JobSpec, mlpUnits, type ResolvedTask } from "@espalier/contracts";
import { defaultRefinement, racesByDefault } from "@espalier/pruning";
import { checkSearch } from "./check-search.js";
import { fileIdentity } from "./file-identity.js";
import { findModel } from "./find-model.js";
import type { JobQuestion, Roots } from "./messages.js";
import { findSources } from "./named-sources.js";
import { type ReadFiles, readFiles } from "./read-files.js";
import { Recent } from "./recent.js";
import { type CountedTasks, inspectTasks } from "./task-files.js";

/** Readings remembered: jobs on the same model and texts, with other seeds and targets, are submitted again and again. */
const REMEMBERED = 256;

/** Everything but what is kept beside the specification (webhooks) or settled from the files. */
function specOf(
  body: CreateJobBody,
  model: JobSpec["model"],
  { shape, calibration, scoring, report, contamination }: ReadFiles,
  tasks: readonly ResolvedTask[],
): JobSpec {
  const { webhooks: _, target, search, ...rest } = body;
  const sparsity = [target.sparsity].flat().sort((a, b) => a - b);
  const refinement = search.refinement ?? defaultRefinement[search.preset];
  const racing = search.racing ?? racesByDefault(search.preset, sparsity);
  return {
    ...rest,
    model,
    calibration,
    scoring,
    report,
    target: { ...target, sparsity },
    search: { ...search, refinement, racing },
    dense_widths: {
      kv_groups: shape.layers.map(({ kvHeads }) => kvHeads),
      channels: shape.layers.map(mlpUnits),
    },
    evaluation_tasks: tasks,
    contamination,
  };
}

/** A job as it will be stored, and the shape of its model. */
export interface InspectedJob {
  readonly spec: JobSpec;
  readonly shape: DecoderShape;
}

/**
 * Checks a job against the files that it names and settles its defaults: model and texts lie inside the roots and can
 * be read, the splits exist and are disjoint, names of the search are known, the sparsity can be reached, the model fits
 * into the forms that are asked for.
 * Throws AppError with JSON Pointers. What was read is remembered by the identity of the files.
 */
export function makeJobInspection() {
  const recent = new Recent<ReadFiles>(REMEMBERED);
  const fitting = new Recent<true>(REMEMBERED);
  const tasks: CountedTasks = new Recent(REMEMBERED);

  return async function inspectJob({ body, onHub }: JobQuestion, roots: Roots): Promise<InspectedJob> {
    const { folder: model, named } = await findModel(body.model, onHub, roots.models);
    const sources = await findSources(body, roots.corpora);
    const names = [...sources.names].sort(([a], [b]) => (a < b ? -1 : 1));
    const identities = await Promise.all([model.path, ...names.map(([path]) => path)].map(fileIdentity));
    const key = JSON.stringify([identities, names, sources.requests]);
    const files = await recent.get(key, () => readFiles(model, sources));
    await checkSearch(body, files.shape, files.calibration.windows);
    const asked = await inspectTasks(body.evaluation, roots.corpora, tasks);
    const spec = specOf(body, named, files, asked);
    const bounds = jobBounds(spec);
    await fitting.get(JSON.stringify([identities[0], body.export.profiles, bounds]), async () => {
      await assertProfilesFit(model.path, body.export.profiles, roots.models, bounds);
      return true;
    });
    return { spec, shape: files.shape };
  };
}
