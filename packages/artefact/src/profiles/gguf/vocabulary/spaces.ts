import type { TokenizerJson } from "@espalier/model";
import { patternOf, type Step, stepsOf } from "./steps.js";
import { unfitTokenizer } from "./unfit-tokenizer.js";

const MARK = "▁";

/**
 * Whether a text gets a space before it. Spaces must become ▁ and nothing else may happen, said by a normaliser or by the
 * pre-tokenizer Metaspace; throws AppError VALIDATION_FAILED otherwise.
 */
export function prefixesSpace({ normalizer, pre_tokenizer }: TokenizerJson): boolean {
  const steps = [...stepsOf(normalizer), ...stepsOf(pre_tokenizer)];
  const odd = steps.find((step) => !isPrefix(step) && !marksSpaces(step));
  if (odd !== undefined) throw unfitTokenizer(`changes or splits texts by '${odd["type"]}'`);
  if (!steps.some(marksSpaces)) throw unfitTokenizer("does not mark spaces");
  return steps.some(isPrefix);
}

const isMetaspace = (step: Step): boolean =>
  step["type"] === "Metaspace" && step["replacement"] === MARK && step["split"] === false;

const marksSpaces = (step: Step): boolean =>
  isMetaspace(step) || (step["type"] === "Replace" && patternOf(step) === " " && step["content"] === MARK);

const isPrefix = (step: Step): boolean =>
  (step["type"] === "Prepend" && step["prepend"] === MARK) ||
  (isMetaspace(step) && (step["prepend_scheme"] ?? "always") !== "never");
