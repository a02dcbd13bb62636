import { CHECKSUM_FILE } from "../durable/checksums.js";

export const CARD_FILE = "README.md";
export const RECIPE_FILE = "recipe.json";
export const SEARCH_FILE = "search.json";

/** What tells of a model, beside the model's own files. */
export const documentFiles: readonly string[] = [CARD_FILE, RECIPE_FILE, SEARCH_FILE, CHECKSUM_FILE];
