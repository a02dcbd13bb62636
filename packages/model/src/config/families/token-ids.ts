import { z } from "zod";
import { configInvalid } from "../config-invalid.js";

const tokens = z.union([z.int().min(0), z.array(z.int().min(0)).max(64)]).nullish();

/** `eos_token_id` is absent, one id, or a list of ids. */
export function readEosTokens(value: unknown): readonly number[] {
  const parsed = tokens.safeParse(value);
  if (!parsed.success) throw configInvalid("eos_token_id", value, "a token id or a list of token ids");
  const ids = parsed.data ?? [];
  return typeof ids === "number" ? [ids] : ids;
}
