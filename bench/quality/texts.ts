/** Texts of the published table (stories3M, TinyStories), cut from the shared corpora into a temporary folder. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const data = fileURLToPath(new URL("../../../shared/data/", import.meta.url));

/** Characters of the validation text that the search may read, and where the report text begins. */
const SCORING_CHARACTERS = 60_000;
const REPORT_FROM = 240_000;

export const modelPath = join(data, "models/stories3M");
export const CALIBRATION_WINDOWS = 256;
export const REPORT_WINDOWS = 96;
export const WINDOW_TOKENS = 128;

/** Corpus files by split, and the folder for stored statistics, which stays so that a second bench finds them. */
export function prepareTexts() {
  const folder = join(tmpdir(), "espalier-quality");
  mkdirSync(folder, { recursive: true });
  const text = readFileSync(join(data, "corpora/tinystories.valid.first-half.txt"), "utf8");
  const scoring = join(folder, "scoring.txt");
  const report = join(folder, "report.txt");
  writeFileSync(scoring, text.slice(0, SCORING_CHARACTERS));
  writeFileSync(report, text.slice(REPORT_FROM));
  const wiki = readFileSync(join(data, "corpora/wikitext2-raw.test.even-articles.txt"), "utf8");
  const otherScoring = join(folder, "other-scoring.txt");
  const otherReport = join(folder, "other-report.txt");
  const otherCalibration = join(folder, "other-calibration.txt");
  writeFileSync(otherScoring, wiki.slice(0, SCORING_CHARACTERS));
  writeFileSync(otherReport, wiki.slice(REPORT_FROM));
  writeFileSync(otherCalibration, wiki.slice(SCORING_CHARACTERS, REPORT_FROM));
  return {
    calibration: join(data, "corpora/tinystories.train-head.calib.txt"),
    scoring,
    report,
    otherScoring,
    otherReport,
    otherCalibration,
    profiles: join(folder, "profiles"),
  };
}
