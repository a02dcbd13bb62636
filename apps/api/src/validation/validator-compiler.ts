import { AppError, type ErrorCode, type FieldProblem } from "@espalier/contracts";
import type { FastifySchemaCompiler } from "fastify";
import type { z } from "zod";
import { fieldProblems } from "./field-problems.js";
import { unstorableText } from "./unstorable-text.js";

/** What a path with malformed identifiers leads to: nothing, as with an identifier that was never given out. */
function missingResource(url: string | undefined, pointer: string | undefined): ErrorCode {
  if (pointer === "/delivery_id") return "WEBHOOK_DELIVERY_NOT_FOUND";
  if (url?.startsWith("/v1/webhook-endpoints")) return "WEBHOOK_ENDPOINT_NOT_FOUND";
  if (url?.startsWith("/v1/api-keys")) return "API_KEY_NOT_FOUND";
  if (pointer === "/number") return "TRIAL_NOT_FOUND";
  if (pointer === "/*") return "ARTIFACT_NOT_FOUND";
  return url?.startsWith("/v1/jobs") === true ? "JOB_NOT_FOUND" : "NOT_FOUND";
}

function refusal(httpPart: string | undefined, url: string | undefined, errors: readonly FieldProblem[]): AppError {
  const first = errors[0];
  if (httpPart === "params") {
    return new AppError(missingResource(url, first?.pointer), "The path names something that cannot exist.");
  }
  const where = httpPart === "querystring" ? "query" : (httpPart ?? "request");
  return new AppError(
    "VALIDATION_FAILED",
    `The ${where} does not fit: ${first?.pointer ?? ""} ${first?.detail ?? ""}`,
    {
      errors,
    },
  );
}

/** Validates requests with the zod contracts: 404 for malformed identifiers in the path, else 422 with JSON Pointers. */
export const validatorCompiler: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart, url }) => {
  return (data) => {
    const parsed = schema.safeParse(data);
    const errors = parsed.success ? unstorableText(parsed.data) : fieldProblems(parsed.error.issues);
    if (parsed.success && errors.length === 0) return { value: parsed.data };
    return { error: refusal(httpPart, url, errors) };
  };
};
