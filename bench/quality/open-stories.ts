/** stories3M with its statistics and a scorer on the report text of the published table, below the search context. */
import { loadTokenizer, modelHash, openModel, readWeights, tokenizerHash, windowReader } from "@espalier/model";
import {
  type Materials,
  openForwardPool,
  openScorer,
  prepareMaterials,
  profileModel,
  type Scorer,
} from "@espalier/pruning";
import { CALIBRATION_WINDOWS, modelPath, prepareTexts, REPORT_WINDOWS, WINDOW_TOKENS } from "./texts.js";

export interface Stories {
  readonly materials: Materials;
  readonly scorer: Scorer;
  close(): Promise<void>;
}

/** Statistics are computed once and found again by later benches. */
export async function openStories(): Promise<Stories> {
  const texts = prepareTexts();
  const folder = await openModel(modelPath);
  const { shape } = folder.config;
  const weights = await readWeights(folder);
  const reader = windowReader(await loadTokenizer(modelPath));
  const cut = (corpusPath: string, windows: number) =>
    reader.cut({ corpusPath, windows, sequenceLength: WINDOW_TOKENS, skipWindows: 0 });
  const profile = await profileModel({
    model: { shape, weights, modelHash: await modelHash(folder), tokenizerHash: await tokenizerHash(modelPath) },
    windows: await cut(texts.calibration, CALIBRATION_WINDOWS),
    dataDir: texts.profiles,
  });
  const materials = await prepareMaterials({ profile, weights, seed: 0 });
  const pool = openForwardPool({ shape, weights });
  const scorer = await openScorer(pool, [{ windows: await cut(texts.report, REPORT_WINDOWS), weight: 1 }]);
  return { materials, scorer, close: () => pool.close() };
}
