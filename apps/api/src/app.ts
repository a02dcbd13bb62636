import Fastify, { type FastifyInstance, LogController } from "fastify";
import { serializerCompiler, type ZodTypeProvider } from "fastify-type-provider-zod";
import { makeAuthenticate } from "./access/authenticate.js";
import { makeKnownKeys } from "./access/known-keys.js";
import type { ApiDeps } from "./deps.js";
import { answerClientError } from "./errors/client-error.js";
import { sendProblem } from "./errors/send-problem.js";
import { toFailure } from "./errors/to-problem.js";
import type { Api } from "./http/api.js";
import { newRequestId, requestIdOf } from "./http/request-id.js";
import { registerAccess } from "./plugins/access.js";
import { registerDashboard } from "./plugins/dashboard.js";
import { endStreamsWithKeys } from "./plugins/end-with-key.js";
import { registerMetrics } from "./plugins/metrics.js";
import { registerOpenApi } from "./plugins/openapi.js";
import { registerOverloadProtection } from "./plugins/overload.js";
import { registerProblems } from "./plugins/problems.js";
import { makeRateLimit } from "./plugins/rate-limit.js";
import { registerReferencePage } from "./plugins/reference-page.js";
import { registerRequestLog } from "./plugins/request-log.js";
import { registerSecurityHeaders } from "./plugins/security-headers.js";
import { registerTracing } from "./plugins/tracing.js";
import { apiKeyRoutes } from "./routes/api-keys.js";
import { artifactRoutes } from "./routes/artifacts.js";
import { calibrationRoutes } from "./routes/calibration.js";
import { comparisonRoutes } from "./routes/comparison.js";
import { estimateRoutes } from "./routes/estimate.js";
import { eventRoutes } from "./routes/events.js";
import { exportRoutes } from "./routes/exports.js";
import { historyRoutes } from "./routes/history.js";
import { importanceRoutes } from "./routes/importance.js";
import { inventoryRoutes } from "./routes/inventory.js";
import { jobControlRoutes } from "./routes/job-control.js";
import { jobRoutes } from "./routes/jobs.js";
import { layersRoutes } from "./routes/layers.js";
import { parallelRoutes } from "./routes/parallel.js";
import { paretoRoutes } from "./routes/pareto.js";
import { serviceRoutes } from "./routes/service.js";
import { slicesRoutes } from "./routes/slices.js";
import { statusRoutes } from "./routes/status.js";
import { trialRoutes } from "./routes/trials.js";
import { webhookDeliveryRoutes } from "./routes/webhook-deliveries.js";
import { webhookEndpointRoutes } from "./routes/webhook-endpoints.js";
import { validatorCompiler } from "./validation/validator-compiler.js";

/** Largest request body: a job is a few kilobytes. */
const BODY_LIMIT_BYTES = 1024 * 1024;

/** Time in which a whole request must have arrived. */
const REQUEST_TIMEOUT_MS = 30_000;

/** A connection on which nothing has moved for so long is closed; streams of events say something every 15 s. */
const CONNECTION_TIMEOUT_MS = 5 * 60_000;

/** Time in which an answer must have begun; checking a job's files may take half of it. */
const HANDLER_TIMEOUT_MS = 60_000;

function createServer({ logger, trustedProxies = [], handlerTimeoutMs }: ApiDeps): FastifyInstance {
  return Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: "request_id" }),
    bodyLimit: BODY_LIMIT_BYTES,
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    handlerTimeout: handlerTimeoutMs ?? HANDLER_TIMEOUT_MS,
    forceCloseConnections: true,
    genReqId: requestIdOf,
    trustProxy: trustedProxies.length > 0 && [...trustedProxies],
    clientErrorHandler: answerClientError(newRequestId),
    frameworkErrors: (error, request, reply) => void sendProblem(request, reply, toFailure(error)),
  });
}

/** Builds the HTTP API; listens to nothing and opens nothing, so tests build the same app. */
export function buildApp(deps: ApiDeps): FastifyInstance {
  const app = createServer(deps);
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.removeContentTypeParser("text/plain");
  app.decorateRequest("caller", null);
  registerRequestLog(app);
  registerMetrics(app, deps.metrics);
  if (deps.tracing) registerTracing(app, deps.tracing);
  registerProblems(app);
  registerSecurityHeaders(app);
  registerOverloadProtection(app);
  registerOpenApi(app, deps.version);
  app.register(async (scope) => serviceRoutes(scope.withTypeProvider<ZodTypeProvider>(), deps));
  app.register(async (scope) => {
    const onMarkFailed = (err: unknown) => app.log.warn({ event: "api_key.unmarked", err }, "use of a key not noted");
    const keys = makeKnownKeys({ store: deps.apiKeys, onMarkFailed });
    registerAccess(scope, makeAuthenticate(deps.apiKey, keys), await makeRateLimit(scope, deps.rateLimits));
    endStreamsWithKeys(scope, keys);
    const api = scope.withTypeProvider<ZodTypeProvider>();
    apiKeyRoutes(api, { apiKeys: deps.apiKeys, keys });
    registerV1(api, deps);
  });
  registerReferencePage(app);
  if (deps.dashboard) registerDashboard(app, deps.dashboard);
  return app;
}

/** Every `/v1` route lives in one scope, so that the key is asked for whatever the spelling of the URL. */
function registerV1(api: Api, deps: ApiDeps): void {
  jobRoutes(api, deps);
  estimateRoutes(api, deps);
  jobControlRoutes(api, deps);
  trialRoutes(api, deps);
  historyRoutes(api, deps);
  comparisonRoutes(api, deps);
  paretoRoutes(api, deps);
  importanceRoutes(api, deps);
  slicesRoutes(api, deps);
  parallelRoutes(api, deps);
  calibrationRoutes(api, deps);
  layersRoutes(api, deps);
  artifactRoutes(api, deps);
  exportRoutes(api, deps);
  eventRoutes(api, deps);
  webhookEndpointRoutes(api, deps);
  webhookDeliveryRoutes(api, deps);
  inventoryRoutes(api, deps);
  statusRoutes(api, deps);
}
