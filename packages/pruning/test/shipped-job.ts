import { type CreateJobInput, createJobBody, type JobSpec, type ResolvedTask } from "@espalier/contracts";
import type { SearchContext } from "../src/search-context/context.js";
import { openSearchContext } from "../src/search-context/open-search-context.js";
import { corpusPath, modelPath } from "./shipped-model.js";

export const WINDOWS = 6;
const TOKENS = 24;

/** What a test's job says beside the shipped model and small splits. */
export type Changes = Pick<CreateJobInput, "search" | "compensation"> & {
  target?: Partial<JobSpec["target"]>;
  /** Task files, absolute. */
  tasks?: readonly { readonly path: string; readonly task: ResolvedTask }[];
};

function jobSpec({ target, tasks = [], ...changes }: Changes = {}): JobSpec {
  const { webhooks, name, ...rest } = createJobBody.parse({
    model: { path: "stories260K" },
    calibration: { corpus: "c" },
    target: { sparsity: 0.3 },
    ...changes,
  });
  const split = (place: number) => ({
    corpus: "c",
    windows: WINDOWS,
    sequence_length: TOKENS,
    skip_windows: place * WINDOWS,
  });
  return {
    ...rest,
    search: { ...rest.search, refinement: 0.5, racing: rest.search.racing ?? false },
    calibration: { ...split(0), windows: 2 * WINDOWS },
    scoring: [{ ...split(2), weight: 1 }],
    report: split(3),
    evaluation_tasks: tasks.map(({ task }) => task),
    target: { layout: "free", round_to: 1, sparsity: [0.2, 0.4], ...target },
  };
}

/** Opens a job on the shipped model; statistics go into `dataDir`. */
export const openShippedJob = (dataDir: string, changes?: Changes): Promise<SearchContext> =>
  openSearchContext({
    modelPath,
    spec: jobSpec(changes),
    corpusPaths: {
      calibration: corpusPath,
      scoring: [corpusPath],
      report: corpusPath,
      tasks: (changes?.tasks ?? []).map(({ path }) => path),
    },
    dataDir,
  });

/** Does something with an open job, and closes it. */
export async function usingShippedJob<T>(
  dataDir: string,
  changes: Changes | undefined,
  work: (context: SearchContext) => Promise<T>,
): Promise<T> {
  const context = await openShippedJob(dataDir, changes);
  try {
    return await work(context);
  } finally {
    await context.close();
  }
}
