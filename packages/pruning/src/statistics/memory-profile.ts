import type { DecoderShape } from "@espalier/contracts";
import { openSession, outputNames, statisticsProgram, weightFeeds } from "@espalier/graph";
import { sessionOptions } from "../calibration/observe.js";
import { DEFAULT_MEMORY_BYTES, headChunkTokens, planMemory } from "../execution/memory.js";
import { accumulateWindows, type StatisticsPart } from "./accumulate.js";
import type { Profile } from "./profile.js";
import type { ProfileModelOptions } from "./profile-model.js";
import { clusterTensors, perSampleTensors } from "./tensors.js";

/** What `profileInMemory` reads of the options of `profileModel`. */
export type MemoryProfileOptions = Pick<
  ProfileModelOptions,
  "windows" | "memoryBytes" | "provider" | "threads" | "signal"
> & { readonly shape: DecoderShape; readonly weights: ReadonlyMap<string, Float32Array> };

/**
 * Statistics of a few windows without files and without clustering: one cluster holds all samples. For checks and for
 * comparing recombined statistics with direct computation. It has no embeddings and no similarities.
 */
export async function profileInMemory(options: MemoryProfileOptions): Promise<Profile> {
  const { shape, weights, windows } = options;
  const sequenceLength = windows[0].length;
  const groups = { weightGradients: true, gram: true };
  const memoryBytes = options.memoryBytes ?? DEFAULT_MEMORY_BYTES;
  const { microBatch } = planMemory({ shape, sequenceLength, memoryBytes, clusters: 1, weightGradients: true });
  const chunk = headChunkTokens(shape, sequenceLength);
  const graph = statisticsProgram({
    shape,
    sequenceLength,
    ...(chunk === undefined ? {} : { headChunkTokens: chunk }),
  });
  const session = await openSession(graph, sessionOptions(options));
  try {
    const part = await accumulateWindows({
      session,
      weights: weightFeeds(graph, weights),
      windows,
      microBatch,
      perSample: perSampleTensors(shape),
      summed: clusterTensors(shape, groups),
      signal: options.signal,
    });
    return singleCluster(shape, sequenceLength, part);
  } finally {
    await session.release();
  }
}

function singleCluster(shape: DecoderShape, sequenceLength: number, part: StatisticsPart): Profile {
  const none = new Float64Array(0);
  return {
    key: "",
    reused: false,
    shape,
    sampleCount: part.nll.length,
    sequenceLength,
    clusterCount: 1,
    clusters: new Int32Array(part.nll.length),
    observations: {
      nll: part.nll,
      embeddings: none,
      dimension: 0,
      similarities: { attention: none, mlp: none, block: none },
    },
    gradientGroups: "clusters",
    perSample: (name) => part.perSample.get(name) ?? missing(name),
    clusterSum: async (_, name) => Float32Array.from(part.summed.get(name) ?? missing(name)),
    sampleGradient: async (_, layer, projection) =>
      missing(outputNames.weightStatistic(layer, projection, "gradient_sum")),
  };
}

function missing(name: string): never {
  throw new RangeError(`'${name}' was not computed`);
}
