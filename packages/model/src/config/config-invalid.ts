import { AppError, readableText } from "@espalier/contracts";

const MAX_SHOWN = 120;
const MAX_EXPECTED = 300;

/** Refuses a config: names the key, the value and what is expected. */
export function configInvalid(key: string, value: unknown, expected: string): AppError {
  const found = readableText(shown(value), MAX_SHOWN);
  const wanted = readableText(expected, MAX_EXPECTED);
  return new AppError("MODEL_CONFIG_INVALID", `config.json: '${key}' is ${found}; expected ${wanted}.`);
}

function shown(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "nothing";
  } catch {
    return "nested too deeply to be shown"; // JSON.stringify needs stack for each level, JSON.parse does not
  }
}
