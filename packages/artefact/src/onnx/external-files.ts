import { type ExternalPlace, type OnnxParameter, parameterBytes } from "@espalier/graph";

/** Protocol buffers end at 2^31 bytes, and so does what a browser holds in one piece. */
const MAX_FILE_BYTES = 2e9;

/** Where the numbers in a file begin: memory is mapped in pages. */
const PAGE = 4096;

/** The numbers of a model that does not fit into one file. */
export interface ExternalFiles {
  /** Names of the files beside the model's, as transformers.js looks for them: `model.onnx_data`, `model.onnx_data_1` … */
  readonly names: readonly string[];
  /** By the parameter's name. */
  readonly places: ReadonlyMap<string, ExternalPlace>;
}

/** Spreads parameters over files of at most `limit` bytes; none where all of them fit into the model's own. */
export function externalFiles(
  modelName: string,
  parameters: readonly OnnxParameter[],
  limit: number = MAX_FILE_BYTES,
): ExternalFiles {
  const total = parameters.reduce((sum, parameter) => sum + parameterBytes(parameter), 0);
  const names: string[] = [];
  const places = new Map<string, ExternalPlace>();
  if (total <= limit) return { names, places };
  let end = Number.POSITIVE_INFINITY;
  for (const parameter of parameters) {
    const size = parameterBytes(parameter);
    if (end + size > limit) {
      names.push(`${modelName}_data${names.length === 0 ? "" : `_${names.length}`}`);
      end = 0;
    }
    places.set(parameter.name, { location: names.at(-1) ?? "", offset: end });
    end = Math.ceil((end + size) / PAGE) * PAGE;
  }
  return { names, places };
}
