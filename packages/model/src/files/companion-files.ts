/** Files beside config and weights that a model is used with: the tokenizer and the defaults of generation. */
export const companionFiles: ReadonlySet<string> = new Set([
  "added_tokens.json",
  "chat_template.jinja",
  "chat_template.json",
  "generation_config.json",
  "merges.txt",
  "special_tokens_map.json",
  "tokenizer.json",
  "tokenizer.model",
  "tokenizer_config.json",
  "vocab.json",
]);

/** Licence texts and notices: what is derived from the model must carry them on. */
const LICENCE = /^(?:licen[cs]e|copying|notice|use_policy)(?:[.\-_].*)?$/i;

export const isLicence = (name: string): boolean => LICENCE.test(name);
