/** What tokenizers trip over: spaces in rows, line ends, digits, contractions, accents, scripts and characters that no token has. */
export const hardText = [
  "Once upon a time, there was  a   little\tgirl.\n\n She'd 12345 apples & 3.14 pies!\r\n",
  "naïve café — “quoted” … ÄÖÜ ß 你好 мир 🙂🙃 \u200b\n   trailing   ",
  "it's IT'S we'll they've <tag> {x:1} [a] a_b a-b #1 $2 100% \\n //",
].join("");
