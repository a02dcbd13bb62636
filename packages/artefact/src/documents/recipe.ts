import type { JobSpec } from "@espalier/contracts";
import type { Plan } from "@espalier/pruning";
import type { ArtefactWinner } from "../artefact-request.js";
import { placeless } from "./placeless.js";
import { sortedKeys } from "./sorted-keys.js";
import type { Versions } from "./versions.js";

/** SHA-256 (hex) of everything the result was made from. */
export interface InputHashes {
  readonly model: string;
  readonly tokenizer: string;
  readonly corpora: Readonly<Record<string, string>>;
}

export interface RecipeInput {
  readonly spec: JobSpec;
  readonly hashes: InputHashes;
  readonly versions: Versions;
  readonly winners: readonly { readonly winner: ArtefactWinner; readonly plan: Plan }[];
}

/**
 * Everything needed to repeat the job, or only its winners. Without times, ids and paths of a machine: repeating the
 * job repeats these bytes. Name and labels belong to people and are left out; so is what was found out at submit.
 */
export function recipe({ spec, hashes, versions, winners }: RecipeInput): unknown {
  const { name: _, labels: __, contamination: ___, dense_widths: ____, ...portable } = spec;
  return {
    format: "espalier-recipe",
    format_version: 1,
    versions,
    sha256: hashes,
    spec: {
      ...portable,
      model: { ...spec.model, path: placeless(spec.model.path) },
      calibration: placelessSplit(spec.calibration),
      scoring: spec.scoring.map(placelessSplit),
      report: placelessSplit(spec.report),
    },
    winners: winners.map(({ winner, plan }) => ({
      sparsity: winner.sparsity,
      trial_number: winner.trialNumber,
      params: sortedKeys(winner.params),
      plan: plan.layers.map(({ kvGroups, queryHeads, channels }) => ({
        kv_groups: [...kvGroups],
        // Of every group, kept or not; absent where a layer lost none but with its groups.
        ...(queryHeads === undefined ? {} : { query_heads: [...queryHeads] }),
        channels: [...channels],
      })),
    })),
  };
}

const placelessSplit = <S extends { readonly corpus: string }>(split: S): S => ({
  ...split,
  corpus: placeless(split.corpus),
});
