import { AppError } from "@espalier/contracts";

const MAX_SHOWN = 120;

/** Refuses a config: names the key, the value and what is expected. */
export function configInvalid(key: string, value: unknown, expected: string): AppError {
  const shown = JSON.stringify(value) ?? "nothing";
  const short = shown.length > MAX_SHOWN ? `${shown.slice(0, MAX_SHOWN)}…` : shown;
  return new AppError("MODEL_CONFIG_INVALID", `config.json: '${key}' is ${short}; expected ${expected}.`);
}
