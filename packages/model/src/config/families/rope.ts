import type { DecoderShape, RopeScaling } from "@espalier/contracts";
import { z } from "zod";
import { configInvalid } from "../config-invalid.js";

type Keys = Readonly<Record<string, unknown>>;

const DEFAULT_THETA = 10000;
const MAX_FACTOR = 1e6;
const theta = z.number().positive().max(1e12);
const factor = z.number().min(1).max(MAX_FACTOR);
const positive = z.number().positive().max(MAX_FACTOR);
const positions = z
  .int()
  .min(1)
  .max(2 ** 31);
const parameters = z.record(z.string().max(64), z.unknown());

const supported = "'default', 'linear' or 'llama3', the ones supported";

/**
 * The rotary embedding: `rope_theta` and `rope_scaling`, or both in the newer `rope_parameters`. Types other than
 * `default`, `linear` and `llama3` (`dynamic`, `yarn`, `longrope`) are refused: their angles depend on more than the
 * position.
 */
export function readRope(raw: Keys): Pick<DecoderShape, "ropeTheta" | "ropeScaling"> {
  const older = raw["rope_scaling"] ?? undefined;
  const newer = raw["rope_parameters"] ?? undefined;
  if (older !== undefined && newer !== undefined) {
    throw configInvalid("rope_scaling", older, "null beside 'rope_parameters': keep one of them");
  }
  const key = newer === undefined ? "rope_scaling" : "rope_parameters";
  const given = readParameters(key, newer ?? older ?? {});
  refusePartial("partial_rotary_factor", raw["partial_rotary_factor"]);
  refusePartial(`${key}.partial_rotary_factor`, given["partial_rotary_factor"]);
  const nested = newer === undefined ? undefined : given["rope_theta"];
  const ropeTheta = checked(
    nested === undefined ? "rope_theta" : `${key}.rope_theta`,
    nested ?? raw["rope_theta"] ?? DEFAULT_THETA,
    theta,
    "a positive number",
  );
  const ropeScaling = readScaling(key, given);
  return ropeScaling === undefined ? { ropeTheta } : { ropeTheta, ropeScaling };
}

function readParameters(key: string, value: unknown): Keys {
  const parsed = parameters.safeParse(value);
  if (!parsed.success) throw configInvalid(key, value, "an object");
  const perType = Object.entries(parsed.data).find(([, entry]) => typeof entry === "object" && entry !== null);
  if (perType !== undefined) {
    throw configInvalid(`${key}.${perType[0]}`, perType[1], "a number or a name: one rotary embedding for all layers");
  }
  return parsed.data;
}

function readScaling(key: string, given: Keys): RopeScaling | undefined {
  // Before `rope_type`, the key was `type`.
  const typeKey = given["rope_type"] === undefined && given["type"] !== undefined ? "type" : "rope_type";
  const number = <T>(name: string, schema: z.ZodType<T>, expected: string): T =>
    checked(`${key}.${name}`, given[name], schema, expected);
  const stretch = (): number => number("factor", factor, "a number of at least 1");
  switch (given[typeKey] ?? "default") {
    case "default":
      return undefined;
    case "linear":
      return { type: "linear", factor: stretch() };
    case "llama3": {
      const lowFrequencyFactor = number("low_freq_factor", positive, "a positive number");
      const highFrequencyFactor = number("high_freq_factor", positive, "a positive number");
      if (highFrequencyFactor <= lowFrequencyFactor) {
        throw configInvalid(
          `${key}.high_freq_factor`,
          highFrequencyFactor,
          `above low_freq_factor ${lowFrequencyFactor}`,
        );
      }
      const originalMaxPositions = number("original_max_position_embeddings", positions, "a number of positions");
      return { type: "llama3", factor: stretch(), lowFrequencyFactor, highFrequencyFactor, originalMaxPositions };
    }
    default:
      throw configInvalid(`${key}.${typeKey}`, given[typeKey], supported);
  }
}

function refusePartial(key: string, value: unknown): void {
  if ((value ?? 1) !== 1) throw configInvalid(key, value, "1: partial rotary embedding is not supported");
}

function checked<T>(key: string, value: unknown, schema: z.ZodType<T>, expected: string): T {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw configInvalid(key, value, expected);
  return parsed.data;
}
