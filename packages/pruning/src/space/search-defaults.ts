import type { PresetName } from "./pruning-space.js";

/** Share of a search's trials that refine its best plan, unless the job says otherwise; the paper has no such step. */
export const defaultRefinement: Readonly<Record<PresetName, number>> = { espalier: 0.5, adapruner: 0 };

/**
 * Whether trials race unless the job says otherwise. Not at several sparsities: a trial is stopped by its mean over them,
 * though it might win at one. The paper has no such step.
 */
export const racesByDefault = (preset: PresetName, sparsities: readonly number[]): boolean =>
  preset === "espalier" && sparsities.length === 1;
