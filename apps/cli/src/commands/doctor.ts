import { execFile } from "node:child_process";
import { availableParallelism, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Command } from "commander";
import { serviceUrl } from "../client/connection.js";
import { hubState } from "../hub/hub-state.js";
import { printJson } from "../output/json.js";
import { defaultDataDir } from "../stack/default-data-dir.js";

interface Providers {
  readonly available: readonly string[];
  readonly missing: Readonly<Record<string, { readonly remedy: string; readonly problem: string }>>;
  readonly onnxruntime: string;
}

/** Asked of a process of its own: loading a runtime that does not fit the machine may end it. */
async function executionProviders(): Promise<Providers> {
  try {
    const entry = fileURLToPath(import.meta.resolve("@espalier/worker/doctor"));
    const { stdout } = await promisify(execFile)(process.execPath, [entry]);
    return JSON.parse(stdout) as Providers;
  } catch (error) {
    return { available: [], missing: {}, onnxruntime: (error as Error).message };
  }
}

async function serviceAt(url: string): Promise<string> {
  const response = await fetch(new URL("/readyz", url)).catch(() => undefined);
  if (response === undefined) return `nothing answers at ${url}`;
  return response.ok ? `ready at ${url}` : `not ready at ${url} (${response.status})`;
}

/** `espalier doctor` */
export function doctorCommand(): Command {
  return new Command("doctor")
    .description("show what this machine offers")
    .option("--json", "print as JSON", false)
    .action(async (flags: { json: boolean }) => {
      const providers = await executionProviders();
      const report = {
        node: process.version,
        platform: `${process.platform} ${process.arch}`,
        cores: availableParallelism(),
        memory_bytes: totalmem(),
        execution_providers: providers.available,
        missing_providers: providers.missing,
        onnxruntime: providers.onnxruntime,
        service: await serviceAt(serviceUrl()),
        hub: await hubState(defaultDataDir()),
      };
      if (flags.json) return printJson(report);
      const { missing_providers: missing, ...lines } = report;
      for (const [name, value] of Object.entries(lines)) {
        process.stdout.write(`${name.padEnd(20)} ${Array.isArray(value) ? value.join(", ") : value}\n`);
      }
      for (const [name, { remedy }] of Object.entries(missing)) {
        process.stdout.write(`\n${name} is not there: it ${remedy}.\n`);
      }
      return undefined;
    });
}
