import type { CreateJobBody, DecoderShape } from "@espalier/contracts";
import {
  adaprunerMetrics,
  allocate,
  defaultMetrics,
  emptyUnitScores,
  MAX_CLUSTERS,
  pruningSpace,
} from "@espalier/pruning";
import { pointed } from "./pointed.js";

const NEUTRAL = { attentionFactor: 0, depthTilt: 0, depthCurvature: 0, equalisation: 0, similarity: 0 };

const metricsOf = ({ preset, metrics }: CreateJobBody["search"], shape: DecoderShape): readonly string[] =>
  metrics ?? (preset === "adapruner" ? adaprunerMetrics : defaultMetrics(shape));

/**
 * Checks names of metrics and parameters against the preset's space, and that every sparsity can be reached.
 * Throws VALIDATION_FAILED at `/search/…` or SPARSITY_UNREACHABLE at `/target/sparsity`.
 */
export async function checkSearch(
  { search, compensation, target }: CreateJobBody,
  shape: DecoderShape,
  samples: number,
): Promise<void> {
  const clusters = Math.min(MAX_CLUSTERS, samples);
  const context = { shape, metrics: metricsOf(search, shape), compensation, layout: target.layout, clusters, samples };
  await pointed("/search", () => void pruningSpace(search.preset, context, search.space));
  const highest = Math.max(...[target.sparsity].flat());
  const allocation = target.layout === "uniform" ? "equal" : "global";
  const settings = { allocation, sparsity: highest, roundTo: target.round_to, modifiers: NEUTRAL } as const;
  await pointed("/target/sparsity", () => void allocate(shape, emptyUnitScores(shape), settings));
}
