import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { AppError, type RecipeDocument, recipeDocument } from "@espalier/contracts";
import { z } from "zod";
import { jointSha256 } from "../durable/checksums.js";

/** Newest format that this version reads. */
const NEWEST_FORMAT = 2;

const marked = z.object({ format: z.literal("espalier-recipe"), format_version: z.number() });

/**
 * Reads `recipe.json` of an exported model. Throws AppError VALIDATION_FAILED with what is wrong with it, also where its
 * hash of the artefact is not that of its list of files.
 */
export async function readRecipe(path: string): Promise<RecipeDocument> {
  const name = basename(path);
  const document = await readJson(path, name);
  const header = marked.safeParse(document);
  if (!header.success) throw refused(`'${name}' is no recipe of Espalier: give the recipe.json of an exported model.`);
  const { format_version: version } = header.data;
  if (version > NEWEST_FORMAT) {
    throw refused(`'${name}' has format ${version}; this version reads up to ${NEWEST_FORMAT}. Use a newer Espalier.`);
  }
  const parsed = recipeDocument.safeParse(document);
  if (!parsed.success) throw refused(`'${name}' is damaged or was changed:\n${z.prettifyError(parsed.error)}`);
  const recipe = parsed.data;
  if (recipe.format_version === 2) {
    const files = Object.entries(recipe.artefact.files).map(([file, sha256]) => ({ name: file, sha256 }));
    if (jointSha256(files) !== recipe.artefact.sha256) {
      throw refused(`'${name}' was changed: its hash of the artefact is not that of the files that it lists.`);
    }
  }
  return recipe;
}

async function readJson(path: string, name: string): Promise<unknown> {
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw new AppError("VALIDATION_FAILED", `The recipe '${name}' cannot be read (${cause.code}).`, { cause });
  });
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError("VALIDATION_FAILED", `The recipe '${name}' is no JSON: ${(cause as Error).message}`, { cause });
  }
}

const refused = (detail: string): AppError => new AppError("VALIDATION_FAILED", detail);
