import { AppError, type ErrorCode } from "@espalier/contracts";
import type { FastifySchemaCompiler } from "fastify";
import type { z } from "zod";
import { fieldProblems } from "./field-problems.js";

/** What a path with malformed identifiers leads to: nothing, as with an identifier that was never given out. */
function missingResource(url: string | undefined, parameter: string | undefined): ErrorCode {
  if (url?.startsWith("/v1/webhook-endpoints")) return "WEBHOOK_ENDPOINT_NOT_FOUND";
  if (url?.startsWith("/v1/jobs")) return parameter === "number" ? "TRIAL_NOT_FOUND" : "JOB_NOT_FOUND";
  return "NOT_FOUND";
}

/** Validates requests with the zod contracts: 404 for malformed identifiers in the path, else 422 with JSON Pointers. */
export const validatorCompiler: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart, url }) => {
  return (data) => {
    const parsed = schema.safeParse(data);
    if (parsed.success) return { value: parsed.data };
    if (httpPart === "params") {
      const parameter = parsed.error.issues[0]?.path[0]?.toString();
      const value = (data as Readonly<Record<string, string>>)[parameter ?? ""];
      return { error: new AppError(missingResource(url, parameter), `'${value}' is not a valid identifier.`) };
    }
    const errors = fieldProblems(parsed.error.issues);
    const where = httpPart === "querystring" ? "query" : "body";
    const first = errors[0];
    const detail = `The ${where} does not fit: ${first?.pointer ?? ""} ${first?.detail ?? ""}`;
    return { error: new AppError("VALIDATION_FAILED", detail, { errors }) };
  };
};
