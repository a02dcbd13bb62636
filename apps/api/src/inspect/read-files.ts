import type { DecoderShape, ResolvedScoring, ResolvedSplit, SplitOverlap } from "@espalier/contracts";
import {
  loadTokenizer,
  openModel,
  type ResolvedPath,
  type ResolvedSource,
  resolveSplits,
  splitOverlaps,
  windowReader,
} from "@espalier/model";
import type { NamedSources } from "./named-sources.js";
import { pointed } from "./pointed.js";

/** What a job's files tell: the model's shape, and its texts settled to exact windows. */
export interface ReadFiles {
  readonly shape: DecoderShape;
  readonly calibration: ResolvedSplit;
  readonly scoring: readonly ResolvedScoring[];
  readonly report: ResolvedSplit;
  readonly contamination: readonly SplitOverlap[];
}

function only<T>([first]: readonly T[]): T {
  if (first === undefined) throw new RangeError("a split has no source");
  return first;
}

/** Opens the model and its tokenizer and cuts the texts. Throws AppError with JSON Pointers. */
export async function readFiles(model: ResolvedPath, { requests, names }: NamedSources): Promise<ReadFiles> {
  const { config } = await pointed("/model/path", () => openModel(model.path, { linkRoots: [model.root] }));
  const { shape } = config;
  const tokenizer = await pointed("/model/path", () => loadTokenizer(model.path, { vocabSize: shape.vocabSize }));
  const splits = await pointed("/calibration/corpus", () => resolveSplits(requests, windowReader(tokenizer)));
  const settled = ({ corpusPath, windows, sequenceLength, skipWindows, protocol }: ResolvedSource): ResolvedSplit => ({
    corpus: names.get(corpusPath) ?? corpusPath,
    windows,
    sequence_length: sequenceLength,
    skip_windows: skipWindows,
    ...(protocol === "windows" ? {} : { protocol }),
  });
  return {
    shape,
    calibration: settled(only(splits.calibration)),
    scoring: splits.scoring.map((source) => ({ ...settled(source), weight: source.weight })),
    report: settled(only(splits.report)),
    contamination: splitOverlaps(splits),
  };
}
