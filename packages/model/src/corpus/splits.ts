import { basename } from "node:path";
import { AppError } from "@espalier/contracts";
import { corpusFormat } from "./corpus-format.js";
import { planSplits } from "./plan-splits.js";
import { type PlannedSource, type SplitName, type SplitRequests, splitNames } from "./split-requests.js";
import type { WindowReader } from "./window-reader.js";
import { tokenRange, windowHash } from "./windows.js";

/** A source with its windows, `sequenceLength` token ids each. */
export interface ResolvedSource extends PlannedSource {
  readonly tokenWindows: readonly Int32Array[];
}

/** The three texts of a job: sizes and places known, disjoint, cut. */
export type ResolvedSplits = Readonly<Record<SplitName, readonly ResolvedSource[]>>;

/**
 * Fills in defaults, checks that the three texts are disjoint, and cuts them. The same requests on the same files give
 * the same windows, so it can run at submit and again at profile.
 * Throws `SPLITS_OVERLAP` with both names, `CORPUS_TOO_SHORT`, `CORPUS_NOT_FOUND` or `CORPUS_MALFORMED`.
 */
export async function resolveSplits(requests: SplitRequests, reader: WindowReader): Promise<ResolvedSplits> {
  const planned = await planSplits(requests, reader.count);
  refuseMixedProtocols(planned);
  refuseOverlappingRanges(planned);
  const sources: ResolvedSource[] = [];
  for (const source of planned) sources.push({ ...source, tokenWindows: await reader.cut(source) });
  refuseEqualWindows(sources);
  const of = (split: SplitName): readonly ResolvedSource[] => sources.filter((source) => source.split === split);
  return { calibration: of("calibration"), scoring: of("scoring"), report: of("report") };
}

/** The n-th token of several documents is another one in each protocol: where both read a file, no range says what they share. */
function refuseMixedProtocols(planned: readonly PlannedSource[]): void {
  planned.forEach((one, index) => {
    const mixed = planned
      .slice(0, index)
      .find((other) => other.corpusPath === one.corpusPath && other.protocol !== one.protocol);
    if (mixed === undefined || corpusFormat(one.corpusPath) === "text") return;
    const problem =
      `${title(mixed)} reads '${basename(one.corpusPath)}' with protocol '${mixed.protocol}' and ${title(one)} with ` +
      `'${one.protocol}', whose tokens do not line up. Name another corpus, or the same protocol`;
    throw overlap(mixed, one, problem);
  });
}

/** Refuses two sources that take the same tokens of the same file. Within one split, too: a text would count twice. */
function refuseOverlappingRanges(planned: readonly PlannedSource[]): void {
  planned.forEach((one, index) => {
    const a = tokenRange(one);
    for (const other of planned.slice(0, index)) {
      if (other.corpusPath !== one.corpusPath) continue;
      const b = tokenRange(other);
      if (a.tokens < b.end && b.tokens < a.end) {
        const file = basename(one.corpusPath);
        const skip = Math.ceil(b.end / one.sequenceLength);
        throw overlap(
          other,
          one,
          `${title(other)} takes tokens ${b.tokens} to ${b.end} of '${file}' and ${title(one)} takes ${a.tokens} to ${a.end}. ` +
            `Skip at least ${skip} windows there, or name another corpus`,
        );
      }
    }
  });
}

function refuseEqualWindows(sources: readonly ResolvedSource[]): void {
  const seen = new Map<string, ResolvedSource>();
  for (const split of splitNames) {
    for (const source of sources.filter((one) => one.split === split)) {
      for (const window of source.tokenWindows) {
        const hash = windowHash(window);
        const before = seen.get(hash);
        if (before !== undefined && before.split !== split) {
          const files = `'${basename(before.corpusPath)}' and '${basename(source.corpusPath)}'`;
          throw overlap(
            before,
            source,
            `${title(before)} and ${title(source)} share a window of the same tokens (${files})`,
          );
        }
        if (before === undefined) seen.set(hash, source);
      }
    }
  }
}

const title = (source: PlannedSource): string => `'${source.split}'`;

function overlap(first: PlannedSource, second: PlannedSource, problem: string): AppError {
  const detail = `${problem}. The texts of ${title(first)} and ${title(second)} must be disjoint.`;
  return new AppError("SPLITS_OVERLAP", detail, { errors: [{ detail, pointer: second.pointer }] });
}
