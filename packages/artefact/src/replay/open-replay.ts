import { dirname, join } from "node:path";
import type { JobSpec, RecipeDocument, ReplayRequest } from "@espalier/contracts";
import { openModel, resolveInsideRoots } from "@espalier/model";
import type { CorpusPaths } from "@espalier/pruning";
import type { ArtefactWinner } from "../artefact-request.js";
import { SEARCH_FILE } from "../documents/document-files.js";
import type { InputHashes } from "../documents/recipe.js";
import { inputHashes } from "../input-hashes.js";
import { readRecipe } from "./read-recipe.js";
import { readSearchLog, type SearchLogFile } from "./read-search-log.js";

/** A recipe with what it names. */
export interface OpenedReplay {
  readonly recipe: RecipeDocument;
  /** The job of the recipe, with one winner. */
  readonly spec: JobSpec;
  readonly winner: ArtefactWinner;
  readonly corpusPaths: CorpusPaths;
  /** Undefined where no `search.json` lies beside the recipe. */
  readonly search: SearchLogFile | undefined;
  /** Folders that links inside the model's folder may lead into. */
  readonly linkRoots: readonly string[];
  /** Of what is here. */
  readonly hashes: InputHashes;
}

/** Reads a recipe and hashes what it names. Throws AppError for a recipe, model or text that cannot be read. */
export async function openReplay({
  recipePath,
  modelPath,
  corpusRoots,
}: Pick<ReplayRequest, "recipePath" | "modelPath" | "corpusRoots">): Promise<OpenedReplay> {
  const recipe = await readRecipe(recipePath);
  const search = await readSearchLog(join(dirname(recipePath), SEARCH_FILE));
  const contamination = search === undefined ? {} : { contamination: search.contamination };
  const spec: JobSpec = { ...recipe.spec, labels: {}, ...contamination };
  const linkRoots = [dirname(modelPath)];
  const model = await openModel(modelPath, { linkRoots });
  const corpusPaths = await findCorpora(spec, corpusRoots);
  return {
    recipe,
    spec,
    winner: winnerOf(recipe),
    corpusPaths,
    search,
    linkRoots,
    hashes: await inputHashes({ model, spec, corpusPaths, linkRoots }),
  };
}

async function findCorpora(spec: JobSpec, roots: readonly string[]): Promise<CorpusPaths> {
  const find = async (name: string): Promise<string> => (await resolveInsideRoots(roots, name, "corpus")).path;
  return {
    calibration: await find(spec.calibration.corpus),
    scoring: await Promise.all(spec.scoring.map(({ corpus }) => find(corpus))),
    report: await find(spec.report.corpus),
  };
}

function winnerOf({ winners: [winner] }: RecipeDocument): ArtefactWinner {
  if (winner === undefined) throw new RangeError("a recipe without a winner was read");
  return { sparsity: winner.sparsity, trialNumber: winner.trial_number, params: winner.params };
}
