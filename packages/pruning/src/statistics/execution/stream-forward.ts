import { mkdir } from "node:fs/promises";
import {
  blockProgram,
  type FinishedGraph,
  headProgram,
  inputNames,
  leadingBlocksProgram,
  outputNames,
  type Results,
} from "@espalier/graph";
import { collectEnds, collectSimilarities, emptyObservations, type Observations } from "../../calibration/observe.js";
import { headChunkTokens } from "../../execution/memory.js";
import { packWindows, type TokenBatch } from "../../execution/token-batch.js";
import { readObservations, writeObservations } from "../observation-file.js";
import { openStates, writeStates } from "./state-file.js";
import { type Stream, withSession } from "./stream.js";

/**
 * Runs all samples through block after block, goes on behind the last one whose states are on disk, and ends with the
 * head: observations, states before every block, and the loss's gradient behind the last one.
 */
export async function forwardPass(stream: Stream): Promise<Observations> {
  const { job, scratch, layers } = stream;
  await mkdir(scratch.folder, { recursive: true });
  const last = await scratch.lastStates(stream.places);
  const observed =
    last === undefined
      ? emptyObservations(job.shape, job.windows.length)
      : await readObservations(scratch.observed(last));
  if (last === undefined) await embed(stream, observed);
  for (const [block, layer] of layers.entries()) {
    if (block >= (last ?? 0)) await runBlock(stream, block, layer, observed);
  }
  await runHead(stream, observed);
  return observed;
}

const graphOptions = ({ job }: Stream) => ({ shape: job.shape, sequenceLength: job.windows[0].length });

async function embed(stream: Stream, observed: Observations): Promise<void> {
  const graph = leadingBlocksProgram({ ...graphOptions(stream), blocks: 0 });
  await writePlace(stream, graph, {
    place: 0,
    output: outputNames.hiddenStates,
    observed,
    feeds: async ({ feeds }) => ({ [inputNames.inputIds]: feeds[inputNames.inputIds] }),
  });
}

async function runBlock(stream: Stream, block: number, layer: number, observed: Observations): Promise<void> {
  const graph = blockProgram({ ...graphOptions(stream), layer });
  const before = await openStates(stream.scratch.states(block), stream.rowLength);
  try {
    await writePlace(stream, graph, {
      place: block + 1,
      output: outputNames.blockStates,
      observed,
      feeds: async (batch) => ({ [inputNames.hiddenStates]: await statesOf(stream, before, batch) }),
    });
  } finally {
    await before.close();
  }
}

interface PlaceToWrite {
  readonly place: number;
  /** Name of the states among the graph's outputs. */
  readonly output: string;
  readonly observed: Observations;
  readonly feeds: (batch: TokenBatch) => Promise<TokenBatch["feeds"]>;
}

/** Runs a graph that gives hidden states over all samples and keeps them, with what has been observed so far. */
async function writePlace(stream: Stream, graph: FinishedGraph, to: PlaceToWrite): Promise<void> {
  const { job, scratch } = stream;
  await withSession(job, graph, (session, weights) =>
    writeStates(scratch.states(to.place), stream.rowLength, async (writer) => {
      for (const batch of packWindows(job.windows, job.plan.microBatch)) {
        job.signal?.throwIfAborted();
        const results = await session.run({ ...weights, ...(await to.feeds(batch)) });
        await writer.write(samplesOf(batch), results[to.output].data as Float32Array);
        collectSimilarities(to.observed, results, batch.start, batch.rows);
        stream.progress.forward(Math.max(0, to.place - 1), to.place === 0 ? 0 : batch.start + batch.rows);
      }
      await writeObservations(scratch.observed(to.place), to.observed);
    }),
  );
}

async function runHead(stream: Stream, observed: Observations): Promise<void> {
  const { job, scratch, places } = stream;
  const options = graphOptions(stream);
  const chunk = headChunkTokens(options.shape, options.sequenceLength);
  const graph = headProgram({ ...options, ...(chunk === undefined ? {} : { headChunkTokens: chunk }) });
  const before = await openStates(scratch.states(places - 1), stream.rowLength);
  try {
    await withSession(job, graph, (session, weights) =>
      writeStates(scratch.gradient(places - 1), stream.rowLength, async (writer) => {
        for (const batch of packWindows(job.windows, job.plan.microBatch)) {
          job.signal?.throwIfAborted();
          const states = { [inputNames.hiddenStates]: await statesOf(stream, before, batch) };
          const results: Results = await session.run({ ...weights, ...batch.feeds, ...states });
          await writer.write(samplesOf(batch), results[outputNames.stateGradient].data as Float32Array);
          collectEnds(observed, results, batch.start, batch.rows, options.sequenceLength - 1);
          stream.progress.head(batch.start + batch.rows);
        }
      }),
    );
  } finally {
    await before.close();
  }
}

const samplesOf = ({ start, rows }: TokenBatch): number[] => Array.from({ length: rows }, (_, row) => start + row);

async function statesOf(stream: Stream, file: Awaited<ReturnType<typeof openStates>>, batch: TokenBatch) {
  const { shape, windows } = stream.job;
  return { data: await file.read(samplesOf(batch)), dims: [batch.rows, windows[0].length, shape.hiddenSize] };
}
