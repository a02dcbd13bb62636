import type { CurrentRecipe, ExportProfile, JobSpec, PlannedLayer } from "@espalier/contracts";
import type { Plan } from "@espalier/pruning";
import type { ArtefactWinner } from "../artefact-request.js";
import { type ArtefactFile, jointSha256 } from "../durable/checksums.js";
import { placeless } from "./placeless.js";
import { deeplySorted, sortedKeys } from "./sorted-keys.js";
import type { Versions } from "./versions.js";

/** SHA-256 (hex) of everything the result was made from. */
export type InputHashes = CurrentRecipe["sha256"];

/** What decides in which order numbers are added up. */
export type Execution = CurrentRecipe["execution"];

export interface RecipeInput {
  readonly spec: JobSpec;
  readonly hashes: InputHashes;
  readonly versions: Versions;
  readonly execution: Execution;
  readonly profile: ExportProfile;
  readonly winner: ArtefactWinner;
  readonly plan: Plan;
  /** The model's files in the folder, without its documents. */
  readonly files: readonly ArtefactFile[];
}

/**
 * Everything needed to repeat the job, or only its winner, and to tell that it was repeated. Without times, ids and paths of
 * a machine: repeating the job repeats these bytes. Name and labels belong to people and are left out; so is what was found
 * out at submit.
 */
export function recipe(input: RecipeInput): CurrentRecipe {
  const { spec, winner, files } = input;
  const { name: _, labels: __, contamination: ___, dense_widths: ____, evaluation_tasks: _____, ...portable } = spec;
  return {
    format: "espalier-recipe",
    format_version: 2,
    versions: input.versions,
    execution: input.execution,
    sha256: input.hashes,
    profile: input.profile,
    artefact: {
      sha256: jointSha256(files),
      files: Object.fromEntries(files.map(({ name, sha256 }) => [name, sha256])),
    },
    spec: deeplySorted({
      ...portable,
      target: { ...spec.target, sparsity: [...spec.target.sparsity] },
      model: "path" in spec.model ? { path: placeless(spec.model.path) } : spec.model,
      calibration: placelessSplit(spec.calibration),
      scoring: spec.scoring.map(placelessSplit),
      report: placelessSplit(spec.report),
      evaluation: {
        ...spec.evaluation,
        tasks: spec.evaluation.tasks.map((task) => {
          return typeof task === "string" ? placeless(task) : { ...task, file: placeless(task.file) };
        }),
      },
    }),
    winners: [
      {
        sparsity: winner.sparsity,
        trial_number: winner.trialNumber,
        params: sortedKeys(winner.params),
        plan: plannedLayers(input.plan),
      },
    ],
  };
}

/** A plan as a recipe lists it. */
export const plannedLayers = ({ layers }: Plan): PlannedLayer[] =>
  layers.map(({ kvGroups, queryHeads, channels }) => ({
    kv_groups: [...kvGroups],
    // Absent where a layer lost none but with its groups.
    ...(queryHeads === undefined ? {} : { query_heads: [...queryHeads] }),
    channels: [...channels],
  }));

const placelessSplit = <S extends { readonly corpus: string }>(split: S): S => ({
  ...split,
  corpus: placeless(split.corpus),
});
