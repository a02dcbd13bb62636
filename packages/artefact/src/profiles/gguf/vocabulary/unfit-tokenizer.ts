import { AppError } from "@espalier/contracts";

/** The refusal of a tokenizer that GGUF cannot say exactly; `what` begins a sentence's end: "The tokenizer …". */
export const unfitTokenizer = (what: string): AppError =>
  new AppError(
    "VALIDATION_FAILED",
    `The tokenizer ${what}, which llama.cpp would not split texts by as the search did. Export 'native', 'uniform' or 'padded' instead of 'gguf'.`,
    { errors: [{ detail: `'gguf' cannot hold the tokenizer: it ${what}`, pointer: "/export/profiles" }] },
  );
