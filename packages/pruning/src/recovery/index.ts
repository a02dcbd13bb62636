export { recover } from "./recover.js";
export type {
  RecoverableModel,
  Recovered,
  RecoveryInput,
  RecoveryProgress,
  TrainingEnd,
  TrainingSummary,
} from "./recovery.js";
export { type MeasuredRecovery, recoveryOutcome } from "./recovery-outcome.js";
