export {
  type ListedCorpus,
  type ListedModel,
  type ListedProblem,
  listCorpora,
  listedModel,
  listModels,
} from "./catalogue.js";
export { expectedTensors } from "./config/expected-tensors.js";
export { familyKeys } from "./config/family-keys.js";
export {
  type ExpectedTensor,
  type FamilyName,
  familyNames,
  type ModelConfig,
  sameWidths,
} from "./config/model-config.js";
export { parseConfig, readConfig } from "./config/read-config.js";
export { type NgramOverlap, ngramOverlap } from "./corpus/contamination/ngram-overlap.js";
export { OVERLAP_NGRAM, splitOverlaps } from "./corpus/contamination/split-overlaps.js";
export { type CorpusFormat, corpusExtensions, corpusFormat } from "./corpus/corpus-format.js";
export { type JsonLine, jsonLines } from "./corpus/json-lines.js";
export { type CountWindows, planSplits } from "./corpus/plan-splits.js";
export { type CorpusTokens, readTokens } from "./corpus/read-tokens.js";
export {
  DEFAULT_SEQUENCE_LENGTH,
  defaultWindows,
  MIN_DEFAULTED_WINDOWS,
  type PlannedSource,
  type SourceRequest,
  type SplitName,
  type SplitRequests,
  splitNames,
} from "./corpus/split-requests.js";
export { type ResolvedSource, type ResolvedSplits, resolveSplits } from "./corpus/splits.js";
export { type WindowReader, windowReader } from "./corpus/window-reader.js";
export { type CorpusPart, type CutWindows, type CutWindowsRequest, cutWindows, windowHash } from "./corpus/windows.js";
export { decoderName, ofExpert } from "./experts/expert-names.js";
export { WeightStacks } from "./experts/weight-stacks.js";
export { companionFiles, isLicence } from "./files/companion-files.js";
export { type ModelFolder, type OpenModelOptions, openModel, parameterCount } from "./folder.js";
export { modelHash, tokenizerFiles, tokenizerHash } from "./hash.js";
export type { RootKind } from "./paths/list-roots.js";
export { type ResolvedPath, resolveInsideRoots } from "./paths/resolve-inside-roots.js";
export { type Dtype, type WeightDtype, weightDtypes } from "./safetensors/dtype.js";
export { floatToHalf, halfValues, toHalves } from "./safetensors/half.js";
export type { TensorInfo } from "./safetensors/header.js";
export { openSafetensors, readTensor, type SafetensorsFile } from "./safetensors/read.js";
export { openWeightFiles } from "./safetensors/shards.js";
export { type TensorToWrite, writeSafetensors } from "./safetensors/write.js";
export { writeShards } from "./safetensors/write-shards.js";
export { type LoadTokenizerOptions, loadTokenizer } from "./tokenizer/load-tokenizer.js";
export { storableText } from "./tokenizer/storable-text.js";
export type { Tokenizer } from "./tokenizer/tokenizer.js";
export {
  readTokenizerConfig,
  readTokenizerJson,
  type TokenizerConfigJson,
  type TokenizerJson,
} from "./tokenizer/tokenizer-files.js";
export { eachWeight, heldWeights, type LazyWeights, lazyWeights, readHashedWeights, readWeights } from "./weights.js";
