/** The largest published tokenizers have some 35 MB; more is refused before it is read. */
export const MAX_TOKENIZER_BYTES = 64 * 1024 * 1024;
/** A vocabulary of 256,000 with 514,000 merge pairs has about 1.3 million commas and half a million brackets; counted before parsing. */
export const MAX_TOKENIZER_ENTRIES = 4_000_000;
/** Published vocabularies end near 262,000. */
export const MAX_TOKEN_ID = 2 ** 22;
/** `tokenizer_config.json` may carry long chat templates. */
export const MAX_TOKENIZER_CONFIG_BYTES = 8 * 1024 * 1024;
