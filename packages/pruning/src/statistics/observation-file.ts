import { type Observations, similarityParts } from "../calibration/observe.js";
import { openTensors, readStored, writeTensors } from "./shard-file.js";

/** What the observing pass found, kept so that a resumed profile finds the same clusters. */
export const OBSERVATION_FILE = "observations.safetensors";

export async function writeObservations(path: string, observations: Observations): Promise<void> {
  const samples = observations.nll.length;
  const layers = observations.similarities.block.length / samples;
  const tensor = (name: string, columns: number, values: Float64Array) =>
    ({ name, dtype: "F32", shape: [samples, columns], data: Float32Array.from(values) }) as const;
  await writeTensors(path, [
    tensor("nll", 1, observations.nll),
    tensor("embeddings", observations.dimension, observations.embeddings),
    ...similarityParts.map((part) => tensor(`similarity.${part}`, layers, observations.similarities[part])),
  ]);
}

/** Reads observations back, as the float32 numbers that were written. */
export async function readObservations(path: string): Promise<Observations> {
  const tensors = await openTensors(path);
  const read = async (name: string): Promise<Float64Array> => Float64Array.from(await readStored(tensors, name));
  const nll = await read("nll");
  const embeddings = await read("embeddings");
  return {
    nll,
    embeddings,
    dimension: embeddings.length / nll.length,
    similarities: {
      attention: await read("similarity.attention"),
      mlp: await read("similarity.mlp"),
      block: await read("similarity.block"),
    },
  };
}
