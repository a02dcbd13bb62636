import { Command } from "commander";
import { configured } from "../configured.js";
import { defaultDataDir } from "../stack/default-data-dir.js";
import { startEmbeddedStack } from "../stack/embedded-stack.js";
import { interrupted } from "../stack/on-interrupt.js";
import { passedOn } from "../stack/passed-on.js";
import { wholeNumber } from "./arguments.js";

interface UpFlags {
  readonly dataDir: string;
  readonly models: string[];
  readonly corpora: string[];
  readonly host: string;
  readonly port: number;
  readonly threads?: number;
  readonly concurrency: number;
  readonly provider: string;
  readonly localWebhooks: boolean;
}

/** `espalier up`: everything on this machine, until Ctrl-C. */
export function upCommand(): Command {
  return new Command("up")
    .description("start Postgres, the API and a worker on this machine, until Ctrl-C")
    .option("--data-dir <dir>", "where jobs, statistics and artefacts are kept", defaultDataDir())
    .option("--models <dir...>", "folders that hold models", ["examples/models"])
    .option("--corpora <dir...>", "folders that hold texts", ["examples/corpora"])
    .option("--host <address>", "address to listen on; other than loopback needs ESPALIER_API_KEY", "127.0.0.1")
    .option("--port <n>", "port to listen on, 0 for a free one", wholeNumber(0, 65_535), 8080)
    .option("--concurrency <n>", "trials at once, each in a process of its own", wholeNumber(1, 64), 1)
    .option("--threads <n>", "threads of one trial (default: the cores divided by --concurrency)", wholeNumber(1, 1024))
    .option("--provider <name>", "execution provider: cpu, webgpu or cuda", "cpu")
    .option("--local-webhooks", "let webhooks reach http receivers on this machine", false)
    .action(async (flags: UpFlags) => {
      const { models, corpora, ...rest } = flags;
      const variables = configured(() => passedOn(process.env));
      process.stderr.write("Starting Postgres, the API and a worker…\n");
      const stack = await startEmbeddedStack({
        ...rest,
        modelRoots: models,
        corpusRoots: corpora,
        passedOn: variables,
        durable: true,
      });
      const open =
        variables.api["ESPALIER_API_KEY"] === undefined
          ? " Only this machine reaches it; open until a key is made."
          : "";
      process.stdout.write(`Espalier is at ${stack.url}.${open}\n`);
      process.stdout.write(`Dashboard:     ${stack.url}/\nAPI reference: ${stack.url}/docs\n`);
      process.stdout.write(`Logs:          ${stack.logDir}\nStop:          Ctrl-C\n`);
      await interrupted();
      process.stderr.write("Stopping; running work is handed back…\n");
      await stack.stop();
    });
}
