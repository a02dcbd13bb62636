import { AppError, readableText } from "@espalier/contracts";
import { shownValue } from "../files/shown-value.js";

const MAX_EXPECTED = 300;

/** Refuses a config: names the key, the value and what is expected. */
export function configInvalid(key: string, value: unknown, expected: string): AppError {
  const wanted = readableText(expected, MAX_EXPECTED);
  return new AppError("MODEL_CONFIG_INVALID", `config.json: '${key}' is ${shownValue(value)}; expected ${wanted}.`);
}
