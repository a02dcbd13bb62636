import type { EvaluateRequest } from "@espalier/contracts";
import { inputNames, logitsProgram, openSession, outputNames, weightFeeds } from "@espalier/graph";
import { openModel, readWeights } from "@espalier/model";
import { sessionOptions } from "../calibration/observe.js";

/** A model folder that reads a prompt again and again. */
export interface OpenedPrefill {
  /** Reads the whole prompt and gives the next token's logits, once; seconds of `now`. */
  run(now: () => number): Promise<number>;
  close(): Promise<void>;
}

/**
 * Opens a folder for prompts of `tokens` tokens (the model's first ids, over and over: time does not depend on which they
 * are). Throws AppError as `openModel` does, and for more tokens than the model has positions.
 */
export async function openPrefill(
  path: string,
  tokens: number,
  execution: Pick<EvaluateRequest, "threads" | "provider">,
): Promise<OpenedPrefill> {
  const folder = await openModel(path);
  const { shape } = folder.config;
  const graph = logitsProgram({ shape, sequenceLength: tokens, gates: false, positions: "one" });
  const session = await openSession(graph, sessionOptions(execution));
  const ids = BigInt64Array.from({ length: tokens }, (_, t) => BigInt(t % shape.vocabSize));
  const feeds = {
    ...weightFeeds(graph, await readWeights(folder)),
    [inputNames.inputIds]: { data: ids, dims: [1, tokens] },
    [inputNames.position]: { data: BigInt64Array.of(BigInt(tokens - 1)), dims: [1] },
  };
  return {
    async run(now) {
      const start = now();
      await session.run(feeds, [outputNames.logits]);
      return (now() - start) / 1000;
    },
    close: () => session.release(),
  };
}
