import type { Plan } from "@espalier/pruning";
import fc from "fast-check";
import { CHANNELS, GROUPS, LAYERS, PER_GROUP } from "./export-context.js";

const some = (count: number, minLength: number): fc.Arbitrary<Int32Array> =>
  fc
    .uniqueArray(fc.nat(count - 1), { minLength, maxLength: count })
    .map((units) => Int32Array.from(units.sort((a, b) => a - b)));

/** Any units of any layer of the shipped model, whole sub-blocks and query heads inside groups among them. */
const randomLayer = fc
  .record({ kvGroups: some(GROUPS, 0), channels: some(CHANNELS, 0), first: fc.nat(PER_GROUP - 1), thin: fc.boolean() })
  .map(({ kvGroups, channels, first, thin }) => {
    // Every group keeps the same number of heads; which one, may differ.
    const queryHeads = Int32Array.from(
      { length: GROUPS },
      (_, group) => group * PER_GROUP + ((first + group) % PER_GROUP),
    );
    return thin && kvGroups.length > 0 ? { kvGroups, channels, queryHeads } : { kvGroups, channels };
  });

/** Random plans of the shipped model; a sub-block of each kind stays somewhere. */
export const randomPlan: fc.Arbitrary<Plan> = fc
  .array(randomLayer, { minLength: LAYERS, maxLength: LAYERS })
  .filter((layers) => layers.some((l) => l.kvGroups.length > 0) && layers.some((l) => l.channels.length > 0))
  .map((layers) => ({ layers }));
