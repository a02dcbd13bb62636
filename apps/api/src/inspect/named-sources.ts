import { isAbsolute, relative } from "node:path";
import type { CreateJobBody, TextSource } from "@espalier/contracts";
import { resolveInsideRoots, type SourceRequest, type SplitRequests } from "@espalier/model";
import { pointed } from "./pointed.js";

/** Texts of a job: where their files are, and what the job calls them. */
export interface NamedSources {
  readonly requests: SplitRequests;
  /** Name below the roots, by real path. */
  readonly names: ReadonlyMap<string, string>;
}

const listed = <T>(value: T | readonly T[]): readonly T[] => (Array.isArray(value) ? value : [value as T]);

/** Finds every text that a job names. Throws PATH_OUTSIDE_ROOTS or CORPUS_NOT_FOUND at the corpus in the body. */
export async function findSources(body: CreateJobBody, roots: readonly string[]): Promise<NamedSources> {
  const names = new Map<string, string>();

  async function find(corpus: string, pointer: string): Promise<string> {
    const { path, root } = await pointed(`${pointer}/corpus`, () => resolveInsideRoots(roots, corpus, "corpus"));
    // An absolute path tells where this machine keeps its files: the job remembers the name below the root.
    names.set(path, isAbsolute(corpus) ? relative(root, path) : corpus);
    return path;
  }

  const { samples, sequence_length, skip_windows } = body.calibration;
  const calibration = await find(body.calibration.corpus, "/calibration");

  async function request(source: TextSource & { weight?: number }, pointer: string): Promise<SourceRequest> {
    return {
      corpusPath: source.corpus === undefined ? calibration : await find(source.corpus, pointer),
      windows: source.windows,
      sequenceLength: source.sequence_length,
      skipWindows: source.skip_windows,
      protocol: source.protocol,
      weight: source.weight,
    };
  }

  async function scoring(): Promise<SplitRequests["scoring"]> {
    if (body.scoring === undefined) return undefined;
    if (!Array.isArray(body.scoring)) return request(body.scoring, "/scoring");
    const sources: SourceRequest[] = [];
    for (const [index, source] of listed(body.scoring).entries())
      sources.push(await request(source, `/scoring/${index}`));
    return sources;
  }

  const requests = {
    calibration: {
      corpusPath: calibration,
      windows: samples,
      sequenceLength: sequence_length,
      skipWindows: skip_windows,
    },
    scoring: await scoring(),
    report: body.report && (await request(body.report, "/report")),
  };
  return { requests, names };
}
