import type { DecoderShape } from "@espalier/contracts";
import type { FamilyName } from "@espalier/model";

/** One tensor of the sliced model; the numbers are made when asked for, so that only one tensor is in memory. */
export interface SlicedTensor {
  readonly name: string;
  /** Name in the source model of the tensor whose dtype it has, where it is another one: blocks may be numbered anew. */
  readonly source?: string;
  /** [out, in] for matrices. */
  readonly shape: readonly number[];
  readonly data: () => Float32Array;
  /** The numbers are those of the source model, not recomputed by a compensation. */
  readonly untouched: boolean;
}

/** A model with the plan carried out: unequal layers, a sub-block of width zero has no tensors. */
export interface SlicedModel {
  readonly family: FamilyName;
  readonly shape: DecoderShape;
  /** In the order in which they are written. */
  readonly tensors: readonly SlicedTensor[];
}
