import type { AnswerOf, Artifact, Export } from "@espalier/client";
import { formatBytes, formatCount } from "@espalier/contracts";

/** A file as a reader of one folder sees it. */
export interface ExportFile extends Artifact {
  /** Its name inside the folder. */
  readonly shortName: string;
}

/** An export with its files, the largest first. */
export interface ExportWithFiles {
  readonly made: Export;
  readonly files: readonly ExportFile[];
  /** Its model card, once it is there. */
  readonly card: ExportFile | undefined;
}

const CARD = "README.md";

/** Exports with their files: those by sparsity first that the job itself made, then what was asked for later. */
export function exportsWithFiles({ data, exports }: AnswerOf<"listArtifacts">): ExportWithFiles[] {
  return exports.map((made) => {
    const files = data
      .filter((file) => file.export === made.name)
      .map((file) => ({ ...file, shortName: file.name.slice(made.name.length + 1) }))
      .sort((a, b) => b.size_bytes - a.size_bytes);
    return { made, files, card: files.find(({ shortName }) => shortName === CARD) };
  });
}

/** Share of an export's size from which on a file is one of those that people come for. */
const LARGE_SHARE = 0.05;

/** The files with the model's numbers, and the small ones beside them: documents, tokenizer, settings. */
export function largeAndSmall(files: readonly ExportFile[]) {
  const least = LARGE_SHARE * files.reduce((sum, { size_bytes }) => sum + size_bytes, 0);
  return {
    large: files.filter(({ size_bytes }) => size_bytes >= least),
    small: files.filter(({ size_bytes }) => size_bytes < least),
  };
}

export const count = (some: number, what: string): string => `${formatCount(some)} ${what}${some === 1 ? "" : "s"}`;

/** What there is, in a sentence. */
export function artefactsSentence(exports: readonly Export[]): string {
  const ready = exports.filter(({ state }) => state === "ready");
  const sum = (of: (made: Export) => number): number => ready.reduce((total, made) => total + of(made), 0);
  const size = `${count(
    sum(({ files }) => files),
    "file",
  )}, ${formatBytes(sum(({ size_bytes }) => size_bytes))}`;
  const waiting = exports.filter(({ state }) => state === "pending").length;
  return [
    `${count(ready.length, "model")} ready to use: ${size}.`,
    ...(waiting === 0 ? [] : [`${count(waiting, "export")} being written.`]),
  ].join(" ");
}

/** How much smaller a model is than the dense one; undefined where either is unknown. */
export function shareSaved(made: number | undefined, dense: number | null | undefined): number | undefined {
  if (made === undefined || dense === null || dense === undefined || dense <= 0) return undefined;
  return 1 - made / dense;
}
