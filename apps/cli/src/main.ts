import { CommanderError } from "commander";
import { CliError, exitCodes } from "./cli-error.js";
import { buildProgram } from "./program.js";

try {
  await buildProgram().parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

/** Says what went wrong on stderr and returns the exit code. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.badInput;
  if (error instanceof CliError) {
    process.stderr.write(`${error.message}\n`);
    return error.exitCode;
  }
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  return exitCodes.jobFailed;
}
