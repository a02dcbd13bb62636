export * from "./api-keys/api-key-view.js";
export * from "./api-keys/key-text.js";
export * from "./api-keys/scopes.js";
export * from "./artifact/artifact-view.js";
export * from "./artifact/depth-cut.js";
export * from "./artifact/export-view.js";
export * from "./artifact/recipe.js";
export * from "./artifact/replay-outcome.js";
export * from "./artifact/replay-request.js";
export * from "./configuration/index.js";
export type {
  BlockWidths,
  DecoderShape,
  ExpertsShape,
  LayerShape,
  ProjectionName,
  RopeScaling,
} from "./decoder-shape.js";
export { AppError, type AppErrorOptions, type FieldProblem } from "./errors/app-error.js";
export { type ErrorCode, errorCatalogue } from "./errors/catalogue.js";
export { errorsDocument } from "./errors/errors-document.js";
export { readableText } from "./errors/readable-text.js";
export { withoutSecrets } from "./errors/without-secrets.js";
export * from "./events/event-query.js";
export * from "./events/event-view.js";
export * from "./examples/index.js";
export * from "./format.js";
export * from "./http/health-view.js";
export * from "./http/page.js";
export * from "./http/problem.js";
export { parseRetryAfter } from "./http/retry-after.js";
export type { FromFetch } from "./hub/fetch-messages.js";
export * from "./ids.js";
export * from "./inventory/corpus-view.js";
export * from "./inventory/model-view.js";
export * from "./job/comparison-text.js";
export * from "./job/comparison-view.js";
export * from "./job/create-job-body.js";
export * from "./job/estimate-view.js";
export * from "./job/evaluate-messages.js";
export * from "./job/evaluation.js";
export * from "./job/job-query.js";
export * from "./job/job-spec.js";
export * from "./job/job-view.js";
export * from "./job/model-name.js";
export * from "./job/model-source.js";
export * from "./job/pareto-view.js";
export * from "./job/recovery.js";
export * from "./job/search-options.js";
export * from "./job/split-overlap.js";
export * from "./job/states.js";
export * from "./job/task-result.js";
export * from "./job/task-text.js";
export * from "./job/text-samples.js";
export * from "./job/text-source.js";
export * from "./job/webhook-target.js";
export * from "./mlp-units.js";
export * from "./one-task/messages.js";
export * from "./queue/payloads.js";
export * from "./service/status-view.js";
export * from "./trial/calibration-view.js";
export * from "./trial/history-view.js";
export * from "./trial/importance-view.js";
export * from "./trial/layers-view.js";
export * from "./trial/parallel-view.js";
export * from "./trial/slices-view.js";
export * from "./trial/states.js";
export * from "./trial/trial-query.js";
export * from "./trial/trial-view.js";
export * from "./webhooks/endpoint-view.js";
export * from "./webhooks/event-types.js";
