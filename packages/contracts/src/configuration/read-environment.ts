import type { z } from "zod";
import { closestName } from "./closest-name.js";
import { type EnvironmentName, environmentNames, environmentVariables } from "./variables.js";

const PREFIX = "ESPALIER_";

/** The process was started with variables that do not fit; the message lists every problem, never a value. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";

  constructor(readonly problems: readonly string[]) {
    super(`The configuration is not valid:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
  }
}

export type Environment<N extends EnvironmentName> = {
  readonly [K in N]: z.output<(typeof environmentVariables)[K]>;
};

function unknownVariables(env: Readonly<Record<string, string | undefined>>): string[] {
  return Object.keys(env)
    .filter((name) => name.startsWith(PREFIX) && !(name in environmentVariables))
    .map((name) => `${name} is not known. Closest known variable: ${closestName(name, environmentNames)}.`);
}

/**
 * Reads the named variables through their schemas; an empty string counts as unset.
 * Throws ConfigurationError listing all problems, among them any `ESPALIER_` variable that nothing knows.
 */
export function readEnvironment<const N extends EnvironmentName>(
  names: readonly N[],
  env: Readonly<Record<string, string | undefined>>,
): Environment<N> {
  const problems = unknownVariables(env);
  const values: Partial<Record<EnvironmentName, unknown>> = {};
  for (const name of names) {
    const text = env[name] === "" ? undefined : env[name];
    const parsed = environmentVariables[name].safeParse(text);
    if (parsed.success) values[name] = parsed.data;
    else if (text === undefined) problems.push(`${name} is not set. See .env.example for what it means.`);
    else problems.push(`${name} ${parsed.error.issues.map((issue) => issue.message).join("; ")}.`);
  }
  if (problems.length > 0) throw new ConfigurationError(problems);
  return values as Environment<N>;
}
