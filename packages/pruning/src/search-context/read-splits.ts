import type { JobSpec, ResolvedSplit } from "@espalier/contracts";
import type { WindowReader } from "@espalier/model";
import type { ScoringSource } from "../scoring/scorer.js";
import type { CorpusPaths } from "./context.js";
import { trainingWindows } from "./training-windows.js";

/** The texts of a job. The report windows are not read before they are asked for. */
export interface SplitTexts {
  readonly calibration: readonly Int32Array[];
  readonly scoring: readonly ScoringSource[];
  report(): Promise<readonly Int32Array[]>;
  /**
   * Windows of the calibration file to train on, in their order: those of the calibration split and all others, without
   * what scoring and report read, and without windows equal to theirs. At most so many.
   */
  training(atMost: number): Promise<readonly Int32Array[]>;
}

/** Cuts the windows that the job's splits name. Throws AppError CORPUS_TOO_SHORT, CORPUS_NOT_FOUND, CORPUS_MALFORMED. */
export async function readSplits(spec: JobSpec, paths: CorpusPaths, reader: WindowReader): Promise<SplitTexts> {
  if (paths.scoring.length !== spec.scoring.length) {
    throw new RangeError(`${paths.scoring.length} scoring files for ${spec.scoring.length} sources`);
  }
  const cut = (corpusPath: string, split: ResolvedSplit): Promise<readonly Int32Array[]> =>
    reader.cut({
      corpusPath,
      windows: split.windows,
      sequenceLength: split.sequence_length,
      skipWindows: split.skip_windows,
      protocol: split.protocol,
    });
  const scoring: ScoringSource[] = [];
  for (const [s, source] of spec.scoring.entries()) {
    scoring.push({ windows: await cut(paths.scoring[s], source), weight: source.weight });
  }
  let report: Promise<readonly Int32Array[]> | undefined;
  const cutReport = (): Promise<readonly Int32Array[]> => {
    report ??= cut(paths.report, spec.report);
    return report;
  };
  return {
    calibration: await cut(paths.calibration, spec.calibration),
    scoring,
    report: cutReport,
    async training(atMost) {
      const held = [
        ...spec.scoring.map((split, s) => ({ path: paths.scoring[s], split })),
        { path: paths.report, split: spec.report },
      ];
      const others = [...scoring.flatMap(({ windows }) => windows), ...(await cutReport())];
      const place = { path: paths.calibration, sequenceLength: spec.calibration.sequence_length };
      return await trainingWindows({ reader, place, held, others, atMost });
    },
  };
}
