import { join } from "node:path";
import { openSession, type Results, statisticsProgram, weightFeeds } from "@espalier/graph";
import { observe, sessionOptions } from "../../calibration/observe.js";
import { forwardRows, headChunkTokens } from "../../execution/memory.js";
import { accumulateWindows } from "../accumulate.js";
import { exists } from "../atomic-file.js";
import type { ShardEntry } from "../manifest.js";
import { sampleGradientFile } from "../profile.js";
import { valuesOfSums, writeShard, writeTensors } from "../shard-file.js";
import { clusterTensors, perSampleTensors, sampleGradientTensors } from "../tensors.js";
import type { ProfileExecution, ProfileJob } from "./execution.js";

/** Share of the work that the observing forward pass is, for progress. */
const OBSERVE_SHARE = 0.15;

/** All blocks in one session, with all weights in memory: an observing pass, then shard by shard. */
export function wholeExecution(job: ProfileJob): ProfileExecution {
  const { shape, windows } = job;
  return {
    async observe() {
      return await observe({
        ...job,
        weights: await job.weights.all(),
        microBatch: forwardRows(shape, windows[0].length, job.memoryBytes, job.halfBatch),
        onProgress: (done) => job.report((OBSERVE_SHARE * done) / windows.length),
      });
    },
    writeShards: (shards) => writeShards(job, shards),
  };
}

async function writeShards(job: ProfileJob, shards: readonly ShardEntry[]): Promise<void> {
  const { shape, windows, groups } = job;
  const pending: ShardEntry[] = [];
  for (const shard of shards) if (!(await exists(join(job.folder, shard.file)))) pending.push(shard);
  if (pending.length === 0) return;
  const chunk = headChunkTokens(shape, windows[0].length);
  const graph = statisticsProgram({
    shape,
    sequenceLength: windows[0].length,
    weightGradients: groups.weightGradients,
    gram: groups.gram,
    ...(chunk === undefined ? {} : { headChunkTokens: chunk }),
  });
  const session = await openSession(graph, sessionOptions(job));
  try {
    const running = { session, weights: weightFeeds(graph, await job.weights.all()) };
    let done = windows.length - pending.reduce((sum, shard) => sum + shard.samples.length, 0);
    for (const shard of pending) {
      await computeShard(job, shard, running, (rows) =>
        job.report(OBSERVE_SHARE + ((1 - OBSERVE_SHARE) * (done + rows)) / windows.length),
      );
      done += shard.samples.length;
    }
  } finally {
    await session.release();
  }
}

async function computeShard(
  job: ProfileJob,
  shard: ShardEntry,
  running: Pick<Parameters<typeof accumulateWindows>[0], "session" | "weights">,
  onProgress: (rows: number) => void,
): Promise<void> {
  const perSample = perSampleTensors(job.shape);
  const summed = clusterTensors(job.shape, job.groups);
  const part = await accumulateWindows({
    ...running,
    windows: shard.samples.map((sample) => job.windows[sample]),
    microBatch: job.plan.microBatch,
    perSample,
    summed,
    signal: job.signal,
    onProgress,
    onBatch: async (results, { start }) => {
      if (job.gradientGroups === "samples") await writeSampleGradient(job, results, shard.samples[start]);
    },
  });
  await writeShard(join(job.folder, shard.file), {
    count: shard.samples.length,
    nll: part.nll,
    perSample,
    summed,
    valuesOf: valuesOfSums(part),
  });
}

/** Keeps the gradient of the one sample in the batch. */
async function writeSampleGradient(job: ProfileJob, results: Results, sample: number): Promise<void> {
  const entries = sampleGradientTensors(job.shape).map(({ name, dims }) => ({
    name,
    dtype: "F32" as const,
    shape: [...dims],
    data: results[name].data as Float32Array,
  }));
  await writeTensors(join(job.folder, sampleGradientFile(sample)), entries);
}
