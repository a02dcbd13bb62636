import { rm } from "node:fs/promises";
import { join } from "node:path";
import { exists } from "../atomic-file.js";
import type { ShardEntry } from "../manifest.js";
import { sampleGradientFile } from "../profile.js";
import { openTensors, readStored, type ShardContent, writeShard } from "../shard-file.js";
import { clusterTensors, perSampleTensors, sampleGradientTensors } from "../tensors.js";
import type { ProfileExecution, ProfileJob } from "./execution.js";
import { openStream, type Stream } from "./stream.js";
import { forwardPass } from "./stream-forward.js";
import { backwardPass } from "./stream-statistics.js";

/**
 * Block by block: one block's weights and sums are in memory at a time; states and gradients between blocks, and what is
 * finished of the statistics, are on disk. The files are those of the whole execution.
 */
export function streamedExecution(job: ProfileJob): ProfileExecution {
  const stream = openStream(job);
  return {
    observe: () => forwardPass(stream),
    async writeShards(shards, { nll }) {
      const pending: ShardEntry[] = [];
      for (const shard of shards) if (!(await exists(join(job.folder, shard.file)))) pending.push(shard);
      if (pending.length === 0) return;
      const started = await stream.scratch.firstGradient(stream.places);
      if (started === undefined) await forwardPass(stream);
      await backwardPass(stream, shards);
      for (const shard of pending) await joinShard(stream, shard, nll);
    },
  };
}

/** Puts a shard together from the parts of all blocks, one array in memory at a time. */
async function joinShard(stream: Stream, shard: ShardEntry, nll: Float64Array): Promise<void> {
  const { shape, groups, gradientGroups } = stream.job;
  if (gradientGroups === "samples") {
    const content = { count: 1, perSample: [], summed: sampleGradientTensors(shape) };
    for (const sample of shard.samples) await joinParts(stream, sampleGradientFile(sample), content);
  }
  await joinParts(stream, shard.file, {
    count: shard.samples.length,
    nll: Float64Array.from(shard.samples, (sample) => nll[sample]),
    perSample: perSampleTensors(shape),
    summed: clusterTensors(shape, groups),
  });
}

async function joinParts(stream: Stream, file: string, content: Omit<ShardContent, "valuesOf">): Promise<void> {
  const target = join(stream.job.folder, file);
  if (await exists(target)) return;
  stream.job.signal?.throwIfAborted();
  const paths = stream.layers.map((_, block) => stream.scratch.part(block, file));
  const stored = new Map((await Promise.all(paths.map(openTensors))).flatMap((tensors) => [...tensors]));
  await writeShard(target, { ...content, valuesOf: (name) => readStored(stored, name) });
  await Promise.all(paths.map((path) => rm(path, { force: true })));
}
