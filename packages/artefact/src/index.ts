export type { ArtefactRequest, ArtefactWinner, ExportContext, RecoveredWinner } from "./artefact-request.js";
export { assertProfileFits, assertProfilesFit } from "./assert-profiles-fit.js";
export { artefactSteps, type BuiltArtefact, buildArtefact } from "./build-artefact.js";
export { cutDepth } from "./depth/cut-depth.js";
export type { InputHashes } from "./documents/recipe.js";
export type { TrialEntry } from "./documents/search-log.js";
export type { Versions } from "./documents/versions.js";
export { type ArtefactFile, CHECKSUM_FILE, fileSha256 } from "./durable/checksums.js";
export { fileLosses } from "./onnx/file-losses.js";
export { type JobBounds, jobBounds } from "./profiles/job-bounds.js";
export type { MeasureInput, Profile, ProfileInput, ReadBack } from "./profiles/profile.js";
export { profileRegistry } from "./profiles/registry.js";
export {
  type RecoverWinnersRequest,
  recoverWinners,
  removeCheckpoints,
  withRecoveries,
} from "./recover-winners.js";
export { type ReplayOptions, replayArtefact } from "./replay/replay-artefact.js";
export type { FoundRuntime, Runtime, RuntimeModel } from "./runtimes/runtime.js";
export { type ScoredWinner, scoreWinners } from "./score-winners.js";
export { type SliceInput, sliceModel } from "./slice/slice-model.js";
export type { SlicedModel, SlicedTensor } from "./slice/sliced-model.js";
export { type GenerateTextInput, generateText } from "./text/generate-text.js";
export { type SampleTextsRequest, sampleSteps, sampleTexts } from "./text/sample-texts.js";
export { checkRuntime, type RuntimeCheck, type RuntimeResult } from "./verify/check-runtime.js";
export { compareLosses, type LossComparison, type LossTolerance } from "./verify/compare-losses.js";
export { type SlicedLossesInput, slicedLosses } from "./verify/sliced-losses.js";
export { type VerifiedFile, type VerifyInput, verifyFolder } from "./verify/verify-folder.js";
