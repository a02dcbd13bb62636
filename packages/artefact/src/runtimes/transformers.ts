import { dirname } from "node:path";
import { type LineProcess, startLineProcess } from "./line-process.js";
import type { FoundRuntime, RuntimeMachine, RuntimeModel } from "./runtime.js";
import { transformersScript } from "./transformers-script.js";

/** Hugging Face's transformers in a Python that the machine's operator names, on the CPU and without the network. */
export async function findTransformers({ threads, python, signal }: RuntimeMachine): Promise<FoundRuntime> {
  if (python === undefined) return { missing: "no Python with transformers is configured (ESPALIER_PYTHON)" };
  const process = startLineProcess(python, ["-c", transformersScript, String(threads)], signal);
  try {
    const version = await process.next();
    return {
      name: `transformers ${version}`,
      load: async (path) => {
        // The folder of the weights is what transformers loads.
        await process.ask({ call: "load", arguments: [dirname(path)] });
        return modelOf(process);
      },
      close: () => process.close(),
    };
  } catch (error) {
    await process.close();
    const why = error instanceof Error ? error.message.split("\n").at(-1) : String(error);
    return { missing: `the Python of ESPALIER_PYTHON has no torch and transformers that run (${why})` };
  }
}

/** The process holds one model at a time; loading another one replaces it. */
function modelOf(process: LineProcess): RuntimeModel {
  return {
    tokenize: async (text) => (await process.ask({ call: "tokenize", arguments: [text] })) as readonly number[],
    logits: async (ids, positions) => {
      const rows = (await process.ask({ call: "logits", arguments: [ids, positions] })) as readonly string[];
      return rows.map((row) => new Float32Array(new Uint8Array(Buffer.from(row, "base64")).buffer));
    },
    close: async () => undefined,
  };
}
