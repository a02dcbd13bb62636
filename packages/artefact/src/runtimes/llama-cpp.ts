import type * as NodeLlamaCpp from "node-llama-cpp";
import type { FoundRuntime, Runtime, RuntimeMachine, RuntimeModel } from "./runtime.js";

/** Tokens of a sequence that are run at once. */
const MAX_BATCH = 512;

/**
 * llama.cpp as the package `node-llama-cpp` ships it, on the CPU, if it is installed and runs on this machine. It is
 * never built and nothing is downloaded.
 */
export async function findLlamaCpp({ threads }: Pick<RuntimeMachine, "threads">): Promise<FoundRuntime> {
  try {
    // By a variable name: the package is optional, and a bundler must not take it along.
    const name = "node-llama-cpp";
    const library: typeof NodeLlamaCpp = await import(name);
    const llama = await library.getLlama({
      build: "never",
      gpu: false,
      maxThreads: threads,
      logLevel: library.LlamaLogLevel.disabled,
    });
    return runtimeOf(llama);
  } catch (error) {
    const why = error instanceof Error ? error.message.split("\n")[0] : String(error);
    return { missing: `the package 'node-llama-cpp' is not here or does not run (${why})` };
  }
}

function runtimeOf(llama: NodeLlamaCpp.Llama): Runtime {
  return {
    name: `llama.cpp ${llama.llamaCppRelease.release}`,
    load: async (path) => modelOf(await llama.loadModel({ modelPath: path, gpuLayers: 0 })),
    close: () => llama.dispose(),
  };
}

function modelOf(model: NodeLlamaCpp.LlamaModel): RuntimeModel {
  return {
    tokenize: async (text) => model.tokenize(text),
    close: () => model.dispose(),
    async logits(ids, positions) {
      const context = await model.createContext({
        contextSize: Math.max(ids.length, 1),
        batchSize: Math.min(ids.length, MAX_BATCH),
        sequences: 1,
      });
      try {
        const wanted = new Set(positions);
        const input = ids.map((id, at): NodeLlamaCpp.ControlledEvaluateInputItem => {
          const token = id as NodeLlamaCpp.Token;
          return wanted.has(at) ? [token, { generateNext: { logits: true } }] : token;
        });
        const results = await context.getSequence().controlledEvaluate(input);
        return positions.map((at) => rowOf(results[at]?.next.logits, at));
      } finally {
        await context.dispose();
      }
    },
  };
}

function rowOf(logits: ReadonlyMap<NodeLlamaCpp.Token, number> | undefined, at: number): Float32Array {
  if (logits === undefined) throw new RangeError(`llama.cpp gave no logits after token ${at}`);
  const row = new Float32Array(logits.size);
  for (const [token, value] of logits) row[token] = value;
  return row;
}
