import { readFile } from "node:fs/promises";
import { AppError, evaluatedModel, splitOverlap, textSamples } from "@espalier/contracts";
import { z } from "zod";

const document = z.object({
  format: z.literal("espalier-search"),
  format_version: z.literal(1),
  dense: evaluatedModel,
  baselines: z.array(evaluatedModel),
  best: z.array(evaluatedModel),
  contamination: z.array(splitOverlap),
  text_samples: textSamples.optional(),
});

/** How a search was run, as far as a model card tells it, and the bytes that say so. */
export interface SearchLogFile
  extends Pick<z.infer<typeof document>, "dense" | "baselines" | "best" | "contamination" | "text_samples"> {
  readonly bytes: Uint8Array;
}

/** Reads `search.json`; undefined where there is none. Throws AppError VALIDATION_FAILED for one that is damaged. */
export async function readSearchLog(path: string): Promise<SearchLogFile | undefined> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (bytes === undefined) return undefined;
  const parsed = document.safeParse(parsedJson(bytes));
  if (!parsed.success) {
    const detail = `search.json beside the recipe is damaged; move it away to repeat the model without it.\n${z.prettifyError(parsed.error)}`;
    throw new AppError("VALIDATION_FAILED", detail);
  }
  return { bytes, ...parsed.data };
}

function parsedJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
