import { ConfigurationError } from "@espalier/contracts";
import { CliError, exitCodes } from "./cli-error.js";

/** What `read` takes from the environment. Throws CliError (bad input) for variables that do not fit. */
export function configured<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    throw new CliError(error.message, exitCodes.badInput, { cause: error });
  }
}
