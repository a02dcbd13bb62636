import type { DecoderShape } from "@espalier/contracts";
import { type Feeds, inputNames, layerOf, outputNames } from "@espalier/graph";
import { planShape } from "../units/index.js";
import type { Candidate } from "./candidate.js";
import type { ForwardPool } from "./forward-pool.js";
import type { PackedWindows } from "./packed-windows.js";

/**
 * Hidden states of the dense model behind its first blocks. They are those of every candidate that leaves these blocks
 * whole, so that its forward pass may begin after them.
 */
export interface LeadingStates {
  /** Blocks, from the first one on. */
  readonly blocks: number;
  /** What a run of windows reads in place of these blocks; computed the first time it is asked for. */
  of(run: PackedWindows): Promise<Feeds>;
}

/** Keeps tokens · hidden · 4 bytes of every run that it is asked for (`planLeadingBlocks`), as long as it lives. */
export function keepLeadingStates(pool: ForwardPool, blocks: number): LeadingStates {
  const states = new Map<PackedWindows, Promise<Feeds>>();
  return {
    blocks,
    of(run) {
      const known = states.get(run) ?? computeStates(pool, blocks, run);
      states.set(run, known);
      return known;
    },
  };
}

async function computeStates(pool: ForwardPool, blocks: number, run: PackedWindows): Promise<Feeds> {
  const { session, feeds } = await pool.leading(run.sequenceLength, blocks);
  const ids = { [inputNames.inputIds]: run.batch.feeds[inputNames.inputIds] };
  const results = await session.run({ ...feeds, ...ids });
  return { [inputNames.hiddenStates]: results[outputNames.hiddenStates] };
}

/** Blocks, from the first one on, that a candidate leaves as the dense model has them. */
export function untouchedBlocks(shape: DecoderShape, { plan, weights, biases }: Candidate): number {
  const replaced = [...(weights?.keys() ?? []), ...(biases?.keys() ?? [])];
  // What belongs to no layer may be the embedding, which comes before all of them.
  const first = Math.min(shape.layers.length, ...replaced.map((name) => layerOf(name) ?? 0));
  const kept = planShape(shape, plan).layers;
  const touched = shape.layers.findIndex(
    ({ heads, kvHeads, intermediateSize }, layer) =>
      kept[layer].heads < heads || kept[layer].kvHeads < kvHeads || kept[layer].intermediateSize < intermediateSize,
  );
  return touched < 0 ? first : Math.min(first, touched);
}
