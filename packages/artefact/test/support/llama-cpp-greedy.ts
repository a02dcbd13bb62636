import { getLlama, LlamaLogLevel, type Token } from "node-llama-cpp";

/** The continuation of a prompt by llama.cpp itself, which always takes the likeliest token. */
export async function llamaCppGreedy(path: string, prompt: readonly number[], count: number): Promise<number[]> {
  const llama = await getLlama({ build: "never", gpu: false, maxThreads: 1, logLevel: LlamaLogLevel.disabled });
  try {
    const model = await llama.loadModel({ modelPath: path, gpuLayers: 0 });
    const context = await model.createContext({ contextSize: prompt.length + count });
    const ids = [...prompt];
    for await (const token of context.getSequence().evaluate(prompt as Token[], { temperature: 0 })) {
      ids.push(token);
      if (ids.length === prompt.length + count) break;
    }
    return ids;
  } finally {
    await llama.dispose();
  }
}
