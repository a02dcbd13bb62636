import { z } from "zod";
import { configInvalid } from "../config-invalid.js";

const DEFAULT_THETA = 10000;
const theta = z.number().positive().max(1e12);
const tokens = z.union([z.int().min(0), z.array(z.int().min(0)).max(64)]).nullish();

/**
 * The base of the rotary embedding. Newer configs keep it in `rope_parameters`, whose only supported type is `default`.
 */
export function readRopeTheta(raw: Readonly<Record<string, unknown>>): number {
  const nested = raw["rope_parameters"] ?? undefined;
  if (nested === undefined) return checkTheta("rope_theta", raw["rope_theta"]);
  const parameters = z.looseObject({ rope_type: z.string().default("default") }).safeParse(nested);
  if (!parameters.success) throw configInvalid("rope_parameters", nested, "an object");
  if (parameters.data.rope_type !== "default") {
    throw configInvalid("rope_parameters.rope_type", parameters.data.rope_type, "'default', the only one supported");
  }
  return checkTheta("rope_parameters.rope_theta", parameters.data["rope_theta"] ?? raw["rope_theta"]);
}

function checkTheta(key: string, value: unknown): number {
  const parsed = theta.safeParse(value ?? DEFAULT_THETA);
  if (!parsed.success) throw configInvalid(key, value, "a positive number");
  return parsed.data;
}

/** `eos_token_id` is absent, one id, or a list of ids. */
export function readEosTokens(value: unknown): readonly number[] {
  const parsed = tokens.safeParse(value);
  if (!parsed.success) throw configInvalid("eos_token_id", value, "a token id or a list of token ids");
  const ids = parsed.data ?? [];
  return typeof ids === "number" ? [ids] : ids;
}
