import { dataOf, ProblemError, UnreachableError } from "@espalier/client";
import { CliError, exitCodes } from "../cli-error.js";

/** Body of an answer. Rejects with the CliError that tells a person what to do. */
export const answered = <T>(call: Promise<{ readonly data?: T }>): Promise<T> =>
  dataOf(call).catch((error: unknown) => {
    throw asCliError(error);
  });

/** What the client throws, for the person at the terminal; anything else as it is. */
export function asCliError(error: unknown): unknown {
  if (error instanceof ProblemError) return refused(error);
  if (!(error instanceof UnreachableError)) return error;
  const advice = "Start one with 'espalier up', or name it with --url.";
  return new CliError(`${error.message} ${advice}`, exitCodes.unreachable, { cause: error });
}

function refused({ message, status, problem }: ProblemError): CliError {
  if (problem === undefined) return new CliError(message, exitCodes.unreachable);
  const lines = (problem.errors ?? []).map(({ pointer, detail }) => `  ${pointer === "" ? "/" : pointer}: ${detail}`);
  const exitCode = status >= 500 || status === 429 ? exitCodes.unreachable : exitCodes.badInput;
  return new CliError([message, ...lines].join("\n"), exitCode);
}
