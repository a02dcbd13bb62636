/** What llama.cpp takes a token for. */
export const tokenType = {
  normal: 1,
  unknown: 2,
  /** Marks such as BOS: never made from text, not shown. */
  control: 3,
  /** Found in a text before it is split. */
  userDefined: 4,
  /** A row of the embedding that no token has. */
  unused: 5,
  /** One byte that no token covers. */
  byte: 6,
} as const;
