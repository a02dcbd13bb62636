import { AppError } from "@espalier/contracts";
import type { Tokenizer } from "@espalier/model";
import type { Choice } from "./tasks/task.js";

/** Tokens of a text with its continuation, ready to run. */
export interface EncodedChoice {
  /** Context, then continuation; at least two. */
  readonly ids: Int32Array;
  /** Place of the continuation's first token, at least 1. */
  readonly start: number;
}

/** How texts become tokens. */
export interface EncodingOptions {
  readonly tokenizer: Tokenizer;
  /** BOS before every text (`add_bos_token` of the harness). */
  readonly bos: boolean;
  /** Positions of the model: the last token is only predicted, so one token more is kept. */
  readonly maxPositions: number;
}

/**
 * As the harness's `_encode_pair` and `_loglikelihood_tokens`: spaces at the end of the context belong to the
 * continuation, whose tokens are those of the joined text behind as many as the context alone has; an empty context is
 * BOS (or EOS); what is too long loses tokens on the left. Where a token joins both so that none would be left (the
 * harness stops there), the last token counts as the continuation. Throws TOKENIZER_INVALID for an empty context where
 * there is neither BOS nor EOS.
 */
export function encodeChoice({ context, continuation }: Choice, options: EncodingOptions): EncodedChoice {
  const { tokenizer, bos, maxPositions } = options;
  if (context === "") return cutLeft(afterNothing(tokenizer, continuation), 1, maxPositions);
  const bare = context.trimEnd();
  const whole = tokenizer.encode(context + continuation, { bos });
  const length = tokenizer.encode(bare, { bos }).length;
  return cutLeft(whole, Math.min(length, whole.length - 1), maxPositions);
}

function afterNothing(tokenizer: Tokenizer, continuation: string): Int32Array {
  const first = tokenizer.bosId ?? tokenizer.eosId;
  if (first === undefined) {
    const detail = "The tokenizer names neither a BOS nor an EOS token to stand for an empty text.";
    throw new AppError("TOKENIZER_INVALID", `${detail} Name one in tokenizer_config.json.`);
  }
  return Int32Array.from([first, ...tokenizer.encode(continuation, { bos: false })]);
}

function cutLeft(ids: Int32Array, start: number, maxPositions: number): EncodedChoice {
  const over = Math.max(0, ids.length - (maxPositions + 1));
  return { ids: ids.subarray(over), start: Math.max(1, start - over) };
}
