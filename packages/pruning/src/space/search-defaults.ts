import type { PresetName } from "./pruning-space.js";

/** Share of a search's trials that refine its best plan, unless the job says otherwise; the paper has no such step. */
export const defaultRefinement: Readonly<Record<PresetName, number>> = { espalier: 0.5, adapruner: 0 };
