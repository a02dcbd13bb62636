import { artifactExamples } from "./artifacts.js";
import { eventExamples } from "./events.js";
import { jobExamples } from "./jobs.js";
import type { OperationExample } from "./operation-example.js";
import { serviceExamples } from "./service.js";
import { trialExamples } from "./trials.js";
import { webhookExamples } from "./webhooks.js";

export { exampleJob } from "./jobs.js";
export type { OperationExample } from "./operation-example.js";
export { exampleProblem } from "./service.js";

/** Examples by `operationId`. */
export const operationExamples: Readonly<Record<string, OperationExample>> = {
  ...jobExamples,
  ...trialExamples,
  ...artifactExamples,
  ...eventExamples,
  ...webhookExamples,
  ...serviceExamples,
};
