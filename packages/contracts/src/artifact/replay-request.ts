/** What a replay is told; every path is absolute. */
export interface ReplayRequest {
  readonly recipePath: string;
  readonly modelPath: string;
  /** Folders in which the recipe's texts lie. */
  readonly corpusRoots: readonly string[];
  /** Where statistics are looked for and kept. */
  readonly statisticsDir: string;
  /** Folder to make: it holds a folder per profile. */
  readonly target: string;
  readonly threads: number;
  /** In place of the recipe's. */
  readonly provider?: "cpu" | "webgpu" | "cuda";
  /** A Python with torch and transformers, in which plain Llama folders are loaded and compared. */
  readonly python?: string;
  /** Goes on where inputs or the plan differ: the result is another artefact. */
  readonly force: boolean;
}
