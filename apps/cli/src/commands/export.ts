import { setTimeout as sleep } from "node:timers/promises";
import { type ExportView, exportProfiles } from "@espalier/contracts";
import { Command, Option } from "commander";
import { CliError, exitCodes } from "../cli-error.js";
import type { ApiClient } from "../client/api-client.js";
import { connect, withConnection } from "../client/connection.js";
import { printJson } from "../output/json.js";
import { share, wholeNumber } from "./arguments.js";

interface ExportFlags {
  readonly url: string;
  readonly trial?: number;
  readonly sparsity?: number;
  readonly profile?: (typeof exportProfiles)[number];
  readonly wait: boolean;
  readonly json: boolean;
}

const LARGEST_TRIAL = 2_147_483_647;
const LOOK_EVERY_MS = 500;

async function written(client: ApiClient, id: string, asked: ExportView): Promise<ExportView> {
  let found = asked;
  while (found.state === "pending") {
    await sleep(LOOK_EVERY_MS);
    found = (await client.exports.get(id, asked.name)) ?? found;
  }
  if (found.error === null) return found;
  throw new CliError(`The export failed: ${found.error.detail}`, exitCodes.jobFailed);
}

/** `espalier export <job>` */
export function exportCommand(): Command {
  return withConnection(new Command("export"))
    .description("export another trial, sparsity or profile of a job that succeeded; 'pull' then downloads it")
    .argument("<job>")
    .option("--trial <number>", "a completed trial (default: the best one)", wholeNumber(0, LARGEST_TRIAL))
    .option("--sparsity <share>", "one of the job's sparsities (default: its only one)", share)
    .addOption(new Option("--profile <name>", "form of the files (default: the job's first)").choices(exportProfiles))
    .option("--no-wait", "do not wait until it is written")
    .option("--json", "print the export as JSON", false)
    .action(async (id: string, { url, trial, sparsity, profile, wait, json }: ExportFlags) => {
      const client = connect({ url });
      const asked = await client.exports.create(id, { trial, sparsity, profile });
      const found = wait ? await written(client, id, asked) : asked;
      if (json) return printJson(found);
      process.stdout.write(`${found.name}${found.state === "ready" ? "" : ` (${found.state})`}\n`);
      return undefined;
    });
}
