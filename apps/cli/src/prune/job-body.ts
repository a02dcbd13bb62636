import { type CreateJobInput, createJobBody, type ModelSource, modelName } from "@espalier/contracts";
import { z } from "zod";
import { CliError, exitCodes } from "../cli-error.js";
import type { LocalPaths } from "./local-paths.js";
import type { PruneFlags } from "./prune-flags.js";

/** Windows of the scoring and report split when `--max-windows` caps the service's own defaults. */
const DEFAULT_SCORING_WINDOWS = 160;
const DEFAULT_REPORT_WINDOWS = 96;

function split(file: string | undefined, flags: PruneFlags, defaultWindows: number, corpora: LocalPaths) {
  const { maxWindows, sequenceLength } = flags;
  return {
    ...(file === undefined ? {} : { corpus: corpora.name(file) }),
    ...(maxWindows === undefined ? {} : { windows: Math.min(maxWindows, defaultWindows) }),
    ...(sequenceLength === undefined ? {} : { sequence_length: sequenceLength }),
  };
}

function scoring(flags: PruneFlags, corpora: LocalPaths) {
  if (flags.scoring === undefined) return split(undefined, flags, DEFAULT_SCORING_WINDOWS, corpora);
  return flags.scoring.map(({ file, weight }) => ({
    ...split(file, flags, DEFAULT_SCORING_WINDOWS, corpora),
    ...(weight === undefined ? {} : { weight }),
  }));
}

const evaluation = (files: readonly string[], { taskLimit }: PruneFlags, corpora: LocalPaths) => ({
  tasks: files.map((file) => corpora.name(file)),
  ...(taskLimit === undefined ? {} : { limit: taskLimit }),
});

/** The job that the flags describe. Throws CliError naming the flag's counterpart when the contract refuses it. */
export function pruneJobBody(flags: PruneFlags, model: ModelSource, corpora: LocalPaths): CreateJobInput {
  const { samples, sequenceLength, sparsity } = flags;
  const body = {
    name: `prune ${modelName(model)}`,
    model,
    calibration: {
      corpus: corpora.name(flags.calibration),
      ...(samples === undefined ? {} : { samples }),
      ...(sequenceLength === undefined ? {} : { sequence_length: sequenceLength }),
    },
    scoring: scoring(flags, corpora),
    report: {
      ...split(flags.report, flags, DEFAULT_REPORT_WINDOWS, corpora),
      protocol: flags.reportProtocol,
    },
    target: { sparsity: sparsity.length === 1 ? sparsity[0] : sparsity, layout: flags.layout, round_to: flags.roundTo },
    search: {
      preset: flags.preset,
      trials: flags.trials,
      seed: flags.seed,
      parallelism: flags.parallelism,
      ...(flags.refinement === undefined ? {} : { refinement: flags.refinement }),
      ...(flags.racing === undefined ? {} : { racing: flags.racing }),
      ...(flags.metrics === undefined ? {} : { metrics: flags.metrics }),
    },
    baselines: flags.baselines,
    compensation: flags.compensation,
    ...(flags.tasks === undefined ? {} : { evaluation: evaluation(flags.tasks, flags, corpora) }),
    recovery: { method: flags.recovery },
    export: { profiles: flags.export },
  };
  const parsed = createJobBody.safeParse(body);
  if (!parsed.success) throw new CliError(z.prettifyError(parsed.error), exitCodes.badInput);
  return body as CreateJobInput;
}
