import { extname } from "node:path";

/** Plain text is one document a file; JSON Lines is one document a line. */
export type CorpusFormat = "text" | "jsonl";

const byExtension: Readonly<Record<string, CorpusFormat>> = { ".txt": "text", ".jsonl": "jsonl" };

/** Extensions of the corpora that we read. */
export const corpusExtensions: readonly string[] = Object.keys(byExtension);

/** The format of a corpus by its file name; undefined for any other file. */
export const corpusFormat = (path: string): CorpusFormat | undefined => byExtension[extname(path).toLowerCase()];
