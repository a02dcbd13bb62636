import { isAbsolute, relative } from "node:path";
import type { CreateJobBody, JobSpec, ResolvedSplit } from "@espalier/contracts";
import {
  loadTokenizer,
  openModel,
  type ResolvedSource,
  type ResolvedSplits,
  resolveInsideRoots,
  resolveSplits,
  windowReader,
} from "@espalier/model";
import { checkSearch } from "./check-search.js";
import { fileIdentity } from "./file-identity.js";
import type { Roots } from "./messages.js";
import { findSources, type NamedSources } from "./named-sources.js";
import { pointed } from "./pointed.js";
import { Recent } from "./recent.js";

/** Inspections remembered: the same job is often submitted again, and a retried submit always is. */
const REMEMBERED = 256;

/** Everything but what is kept beside the specification (webhooks) or settled below. */
function specOf(body: CreateJobBody, path: string, splits: ResolvedSplits, names: NamedSources["names"]): JobSpec {
  const { webhooks: _, calibration: _calibration, scoring: _scoring, report: _report, target, ...rest } = body;
  const split = (source: ResolvedSource | undefined): ResolvedSplit => {
    if (source === undefined) throw new RangeError("a split has no source");
    return {
      corpus: names.get(source.corpusPath) ?? source.corpusPath,
      windows: source.windows,
      sequence_length: source.sequenceLength,
      skip_windows: source.skipWindows,
    };
  };
  return {
    ...rest,
    model: { path },
    calibration: split(splits.calibration[0]),
    scoring: splits.scoring.map((source) => ({ ...split(source), weight: source.weight })),
    report: split(splits.report[0]),
    target: { ...target, sparsity: [target.sparsity].flat().sort((a, b) => a - b) },
  };
}

/**
 * Checks a job against the files that it names and settles its defaults: model and texts lie inside the roots and can
 * be read, the splits exist and are disjoint, names of the search are known, the sparsity can be reached.
 * Throws AppError with JSON Pointers. Results are remembered by the identity of the files.
 */
export function makeJobInspection() {
  const recent = new Recent<JobSpec>(REMEMBERED);

  return async function inspectJob(body: CreateJobBody, roots: Roots): Promise<JobSpec> {
    const given = body.model.path;
    const { path, root } = await pointed("/model/path", () => resolveInsideRoots(roots.models, given, "model"));
    const sources = await findSources(body, roots.corpora);
    const files = [path, ...[...sources.names.keys()].sort()];
    const identities = await Promise.all(files.map(fileIdentity));
    const key = JSON.stringify([{ ...body, webhooks: [] }, identities]);
    return recent.get(key, async () => {
      const folder = await pointed("/model/path", () => openModel(path, { linkRoots: [root] }));
      const { vocabSize } = folder.config.shape;
      const tokenizer = await pointed("/model/path", () => loadTokenizer(path, { vocabSize }));
      const splits = await pointed("/calibration/corpus", () =>
        resolveSplits(sources.requests, windowReader(tokenizer)),
      );
      await checkSearch(body, folder.config.shape, splits.calibration[0]?.windows ?? 0);
      return specOf(body, isAbsolute(given) ? relative(root, path) : given, splits, sources.names);
    });
  };
}
