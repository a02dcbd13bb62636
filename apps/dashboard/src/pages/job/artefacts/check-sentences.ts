import type { Export } from "@espalier/client";

type Checks = NonNullable<Export["checks"]>;

export interface CheckSentence {
  /** Whether anything was checked: a check that fails leaves no export. */
  readonly ok: boolean;
  readonly sentence: string;
}

/** Smaller differences are rounding. */
const ROUNDING = 1e-5;

const percent = (share: number): string => `${Number((100 * share).toPrecision(2))} %`;

/** What was found out about the files of an export, in plain sentences. */
export function checkSentences({ files, runtime, results, missing }: Checks): CheckSentence[] {
  return [
    ...files.map(({ file, loss_difference: difference }) => {
      const size = Math.abs(difference) < ROUNDING ? "less than 0.001 %" : percent(Math.abs(difference));
      const sentence = `${file} was read back: its loss on the report text differs by ${size} from the model that the search scored.`;
      return { ok: true, sentence };
    }),
    ...results.map(({ file, positions, largest_difference, logit_span, same_token }) => {
      const off = largest_difference / logit_span;
      const logits = off < ROUNDING ? "the same logits" : `logits within ${percent(off)} of their range`;
      const sentence = `${runtime} loads ${file}: the same tokens, ${logits}, the same likeliest token at ${percent(same_token)} of ${positions} places.`;
      return { ok: true, sentence };
    }),
    ...(missing === null ? [] : [{ ok: false, sentence: `Not run in another runtime: ${missing}.` }]),
  ];
}
