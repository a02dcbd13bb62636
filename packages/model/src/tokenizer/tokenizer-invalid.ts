import { AppError } from "@espalier/contracts";

/** Refuses a tokenizer: says what is wrong and what to do. */
export function tokenizerInvalid(problem: string, cause?: unknown): AppError {
  const message = `The tokenizer cannot be used: ${problem}. Copy the tokenizer.json that belongs to the model.`;
  return new AppError("TOKENIZER_INVALID", message, cause === undefined ? {} : { cause });
}
