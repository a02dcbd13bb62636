/** NUL and halves of surrogate pairs: a pruned model or a hostile vocabulary may write them, no database holds them. */
const UNSTORABLE = /\0|\p{Surrogate}/gu;

/** The text with U+FFFD in place of what is no text. */
export const storableText = (text: string): string => text.replaceAll(UNSTORABLE, "\ufffd");
