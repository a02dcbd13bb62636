export type { Answer, Message, Report, Settings } from "./ask-tell/message.js";
export { newSession, type Session, takeTurn } from "./ask-tell/session.js";
export { frontVolume } from "./front/front-volume.js";
export { paretoFront } from "./front/pareto-front.js";
export {
  assertUsable,
  type Direction,
  type History,
  inNumberOrder,
  isFinished,
  type Trial,
  type TrialState,
} from "./history/trial.js";
export {
  type ImportanceOptions,
  type Importances,
  type ParameterImportance,
  parameterImportance,
  type ScoredPoint,
} from "./importance/parameter-importance.js";
export { isHopeless, RACE_STEP } from "./racing/is-hopeless.js";
export { raceOrder } from "./racing/race-order.js";
export { signedRankTail } from "./racing/signed-rank.js";
export type { Rng } from "./random/rng.js";
export { streamRng } from "./random/stream.js";
export { xoshiro128 } from "./random/xoshiro.js";
export { proposeRound } from "./refinement/propose-round.js";
export { isRefined, ROUNDS_PARAMETER, type Round, roundsOf, withRounds } from "./refinement/rounds.js";
export { randomSampler } from "./samplers/random-sampler.js";
export { type SamplerName, samplerNames, samplerRegistry } from "./samplers/registry.js";
export type { Sampler } from "./samplers/sampler.js";
export { type GammaName, gammaRules } from "./samplers/tpe/gamma.js";
export { type TpeOptions, type TpePresetName, tpeOptions, tpePresets } from "./samplers/tpe/options.js";
export { tpeSampler } from "./samplers/tpe/tpe-sampler.js";
export { nextPoint, type Origin, type Schedule } from "./schedule/next-point.js";
export { gainKept, type ParallelismAdvice, parallelismAdvice } from "./schedule/parallelism.js";
export { replayedPoints } from "./schedule/replayed-points.js";
export { type EarlierResult, type TransferredPoint, transferPoints } from "./schedule/transfer-points.js";
export { holds } from "./space/condition.js";
export type { Dimension } from "./space/dimension.js";
export { isSingle, toDimension } from "./space/dimension.js";
export type {
  CategoricalChoice,
  CategoricalParameter,
  Condition,
  FloatParameter,
  IntParameter,
  Parameter,
  ParameterValue,
  Params,
} from "./space/parameter.js";
export { readParameter } from "./space/read-parameter.js";
export { defineSpace, type Space } from "./space/space.js";
