import { type FinishedGraph, type GraphSession, openSession, weightFeeds, weightsRead } from "@espalier/graph";
import { sessionOptions } from "../../calibration/observe.js";
import type { ProfileJob } from "./execution.js";
import { Scratch } from "./scratch.js";

/** A profile that is computed block by block. */
export interface Stream {
  readonly job: ProfileJob;
  readonly scratch: Scratch;
  /** Layers that have a sub-block, first to last: the blocks that are run. */
  readonly layers: readonly number[];
  /** Places between blocks: one more than blocks. */
  readonly places: number;
  /** Numbers of one sample's hidden states. */
  readonly rowLength: number;
  readonly progress: Progress;
}

export function openStream(job: ProfileJob): Stream {
  const layers = job.shape.layers.flatMap(({ kvHeads, intermediateSize }, layer) =>
    kvHeads > 0 || intermediateSize > 0 ? [layer] : [],
  );
  return {
    job,
    scratch: new Scratch(job.folder),
    layers,
    places: layers.length + 1,
    rowLength: job.windows[0].length * job.shape.hiddenSize,
    progress: new Progress(layers.length, job),
  };
}

/** Work of a block's forward pass is one; of the head with its gradient, and of a block's statistics: */
const HEAD_WORK = 2;
const STATISTICS_WORK = 4;

/** How much of a streamed profile is done. */
class Progress {
  readonly #blocks: number;
  readonly #job: ProfileJob;

  constructor(blocks: number, job: ProfileJob) {
    this.#blocks = blocks;
    this.#job = job;
  }

  /** Samples through a block's forward pass, the blocks before it done. */
  forward(block: number, samples: number): void {
    this.#report(block, 1, samples);
  }

  head(samples: number): void {
    this.#report(this.#blocks, HEAD_WORK, samples);
  }

  /** Samples through a block's statistics, the blocks behind it done. */
  statistics(block: number, samples: number): void {
    const before = this.#blocks + HEAD_WORK + STATISTICS_WORK * (this.#blocks - 1 - block);
    this.#report(before, STATISTICS_WORK, samples);
  }

  #report(before: number, work: number, samples: number): void {
    const all = this.#blocks * (1 + STATISTICS_WORK) + HEAD_WORK;
    this.#job.report((before + (work * samples) / this.#job.windows.length) / all);
  }
}

/** Opens a session with the weights that a graph reads, which are given back with it. */
export async function withSession<T>(
  job: ProfileJob,
  graph: FinishedGraph,
  work: (session: GraphSession, weights: ReturnType<typeof weightFeeds>) => Promise<T>,
): Promise<T> {
  job.signal?.throwIfAborted();
  const weights = weightFeeds(graph, await job.weights.some(weightsRead(graph)));
  const session = await openSession(graph, sessionOptions(job));
  try {
    return await work(session, weights);
  } finally {
    await session.release();
  }
}
