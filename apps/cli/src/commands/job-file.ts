import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { type CreateJobInput, createJobBody } from "@espalier/contracts";
import { z } from "zod";
import { CliError, exitCodes } from "../cli-error.js";
import { warnOfParallelism } from "../output/parallelism-warning.js";

/** Reads a job from a JSON file; `-` is standard input. Throws CliError for what is not a job. */
export async function readJobFile(path: string): Promise<CreateJobInput> {
  const content = path === "-" ? await text(process.stdin) : await readFile(path, "utf8").catch(unreadable(path));
  let body: unknown;
  try {
    body = JSON.parse(content);
  } catch (cause) {
    throw new CliError(`'${path}' is not JSON: ${(cause as Error).message}`, exitCodes.badInput, { cause });
  }
  const parsed = createJobBody.safeParse(body);
  if (!parsed.success) {
    throw new CliError(`'${path}' is not a job:\n${z.prettifyError(parsed.error)}`, exitCodes.badInput);
  }
  warnOfParallelism(parsed.data.search);
  return body as CreateJobInput;
}

const unreadable = (path: string) => (cause: Error) => {
  throw new CliError(`'${path}' cannot be read: ${cause.message}`, exitCodes.badInput, { cause });
};
