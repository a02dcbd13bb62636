import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { blockStatisticsProgram, inputNames, layerOf, outputNames, type Results } from "@espalier/graph";
import { accumulateStatistics, type FedBatch } from "../accumulate.js";
import type { ShardEntry } from "../manifest.js";
import { sampleGradientFile } from "../profile.js";
import { valuesOfSums, writeShard } from "../shard-file.js";
import { clusterTensors, perSampleTensors, type StatisticTensor, sampleGradientTensors } from "../tensors.js";
import { openStates, type StateFile, type StateWriter, writeStates } from "./state-file.js";
import { type Stream, withSession } from "./stream.js";

/**
 * Statistics of block after block, from the last to the first, each from the states before it and the gradient behind it.
 * A finished block leaves its part of every shard and the gradient before it, and is not run again.
 */
export async function backwardPass(stream: Stream, shards: readonly ShardEntry[]): Promise<void> {
  const { scratch } = stream;
  // Looked up each time: another process may work on the same profile.
  for (;;) {
    const place = await scratch.firstGradient(stream.places);
    if (place === undefined) throw new RangeError("a backward pass before a forward pass");
    if (place === 0) return;
    await runBlock(stream, place - 1, shards);
    await scratch.dropBehind(place);
  }
}

/** What the shards of one block read and write. */
interface BlockFiles {
  readonly states: StateFile;
  readonly gradients: StateFile;
  readonly passedOn: StateWriter;
}

async function runBlock(stream: Stream, block: number, shards: readonly ShardEntry[]): Promise<void> {
  const { job, scratch, rowLength } = stream;
  const layer = stream.layers[block];
  const { weightGradients, gram } = job.groups;
  const graph = blockStatisticsProgram({
    shape: job.shape,
    sequenceLength: job.windows[0].length,
    layer,
    weightGradients,
    gram,
  });
  const states = await openStates(scratch.states(block), rowLength);
  const gradients = await openStates(scratch.gradient(block + 1), rowLength);
  try {
    await withSession(job, graph, (session, weights) =>
      writeStates(scratch.gradient(block), rowLength, async (passedOn) => {
        let done = 0;
        for (const shard of shards) {
          await computePart(stream, block, shard, { states, gradients, passedOn }, { session, weights }, (rows) =>
            stream.progress.statistics(block, done + rows),
          );
          done += shard.samples.length;
        }
      }),
    );
  } finally {
    await states.close();
    await gradients.close();
  }
}

async function computePart(
  stream: Stream,
  block: number,
  shard: ShardEntry,
  files: BlockFiles,
  running: Pick<Parameters<typeof accumulateStatistics>[0], "session" | "weights">,
  onProgress: (rows: number) => void,
): Promise<void> {
  const { job, scratch } = stream;
  const ofBlock = (tensors: StatisticTensor[]): StatisticTensor[] =>
    tensors.filter(({ name }) => layerOf(name) === stream.layers[block]);
  const perSample = ofBlock(perSampleTensors(job.shape));
  const summed = ofBlock(clusterTensors(job.shape, job.groups));
  const count = shard.samples.length;
  const sums = await accumulateStatistics({
    ...running,
    count,
    batches: batchesOf(stream, shard, files),
    perSample,
    summed,
    signal: job.signal,
    onProgress,
    onBatch: async (results, { start, rows }) => {
      const samples = shard.samples.slice(start, start + rows);
      await files.passedOn.write(samples, results[outputNames.stateGradient].data as Float32Array);
      if (job.gradientGroups !== "samples") return;
      await writeResults(
        scratch.part(block, sampleGradientFile(samples[0])),
        ofBlock(sampleGradientTensors(job.shape)),
        results,
      );
    },
  });
  const path = scratch.part(block, shard.file);
  await mkdir(dirname(path), { recursive: true });
  await writeShard(path, { count, perSample, summed, valuesOf: valuesOfSums(sums) });
}

async function writeResults(path: string, summed: readonly StatisticTensor[], results: Results): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const valuesOf = (name: string): Float32Array => results[name].data as Float32Array;
  await writeShard(path, { count: 1, perSample: [], summed, valuesOf });
}

/** A shard's samples as a block reads them, in the order of the shard. */
async function* batchesOf(
  { job }: Stream,
  { samples }: ShardEntry,
  { states, gradients }: BlockFiles,
): AsyncGenerator<FedBatch> {
  const { shape, windows, plan } = job;
  for (let start = 0; start < samples.length; start += plan.microBatch) {
    const some = samples.slice(start, start + plan.microBatch);
    const dims = [some.length, windows[0].length, shape.hiddenSize];
    const feeds = {
      [inputNames.hiddenStates]: { data: await states.read(some), dims },
      [inputNames.stateGradient]: { data: await gradients.read(some), dims },
    };
    yield { start, rows: some.length, feeds };
  }
}
