import type { DecoderShape, JobSpec } from "@espalier/contracts";
import { columnProjections } from "@espalier/graph";

/** What the plans of a job may make of a model, known before any plan is: what a form has to hold. */
export interface JobBounds {
  /** All layers get equal widths. */
  readonly equalLayers: boolean;
  /** A compensation may add biases to output projections. */
  readonly addsBiases: boolean;
}

/** Where nothing is known of the job: the bounds that refuse what no plan makes fit. */
export const anyPlan: JobBounds = { equalLayers: true, addsBiases: false };

/** Bounds of the models that a job can end with. */
export function jobBounds({ target, compensation, search }: JobSpec): JobBounds {
  const override = search.space["compensation"] ?? null;
  const choices = typeof override === "object" && override !== null && "choices" in override ? override.choices : [];
  return {
    equalLayers: target.layout === "uniform",
    addsBiases: [compensation, override, ...choices].includes("bias"),
  };
}

/** The shape of a model that is as hard to hold as any that the job can end with. */
export function hardestShape(shape: DecoderShape, { equalLayers, addsBiases }: JobBounds): DecoderShape {
  const [first, ...others] = shape.layers;
  const biases = [...new Set([...(shape.biases ?? []), ...(addsBiases ? columnProjections : [])])];
  // One layer of another width makes the layers unequal.
  const layers = equalLayers ? shape.layers : [{ ...first, intermediateSize: first.intermediateSize + 1 }, ...others];
  return { ...shape, ...(biases.length === 0 ? {} : { biases }), layers };
}
