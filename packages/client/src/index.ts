export { dataOf } from "./data-of.js";
export type { components, operations, paths } from "./generated/api.js";
export { bestTrialsFirst, LISTED_FIELDS } from "./listed-trials.js";
export { type ApiClient, type ClientOptions, makeClient } from "./make-client.js";
export type { Send } from "./patient-fetch.js";
export { ProblemError } from "./problem-error.js";
export { type JobRecording, type RecordedAnswer, recording, replaying } from "./recording.js";
export * from "./schemas.js";
export { UnreachableError } from "./unreachable-error.js";
