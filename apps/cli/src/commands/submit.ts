import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { type CreateJobInput, createJobBody } from "@espalier/contracts";
import { Command } from "commander";
import { z } from "zod";
import { CliError, exitCodes } from "../cli-error.js";
import { connect, withConnection } from "../client/connection.js";
import { printJson } from "../output/json.js";

async function readBody(path: string): Promise<CreateJobInput> {
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
  return body as CreateJobInput;
}

const unreadable = (path: string) => (cause: Error) => {
  throw new CliError(`'${path}' cannot be read: ${cause.message}`, exitCodes.badInput, { cause });
};

/** `espalier submit job.json` */
export function submitCommand(): Command {
  return withConnection(new Command("submit"))
    .description("submit a job described in a JSON file ('-' reads standard input)")
    .argument("<file>")
    .option("--json", "print the service's answer as JSON", false)
    .action(async (file: string, flags: { url: string; json: boolean }) => {
      const answer = await connect(flags).submit(await readBody(file));
      if (flags.json) return printJson(answer);
      process.stdout.write(`${answer.job.id}\n`);
      for (const { url, secret } of answer.webhook_secrets ?? []) {
        process.stderr.write(`Signing secret for ${url}, shown this once: ${secret}\n`);
      }
      return undefined;
    });
}
