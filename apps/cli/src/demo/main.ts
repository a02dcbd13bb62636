import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { type CreateJobInput, formatDuration } from "@espalier/contracts";
import { ApiClient } from "../client/api-client.js";
import { pullArtefact } from "../client/pull-artefact.js";
import { watchJob } from "../client/watch-job.js";
import { assertSucceeded } from "../commands/assert-succeeded.js";
import { comparisonTable } from "../output/comparison-table.js";
import { writeReport } from "../report/write-report.js";
import { startEmbeddedStack } from "../stack/embedded-stack.js";
import { interrupted } from "../stack/on-interrupt.js";
import { makeScratchDir } from "../stack/scratch-dir.js";
import { generateText } from "./generate-text.js";
import { startWebhookReceiver } from "./webhook-receiver.js";

const examples = fileURLToPath(new URL("../../../../examples", import.meta.url));
const output = fileURLToPath(new URL("../../../../.espalier/demo", import.meta.url));
const WEBHOOK_WAIT_MILLISECONDS = 30_000;
const PROMPT = "Once upon a time, there was a little girl named Lily.";

const say = (line: string): void => void process.stdout.write(`${line}\n`);

function demoJob(webhookUrl: string, secret: string): CreateJobInput {
  return {
    name: "demo: stories260K at 20 %",
    model: { path: "stories260K" },
    calibration: { corpus: "tinystories-train.txt" },
    scoring: { corpus: "tinystories-valid.txt", windows: 160 },
    report: { corpus: "tinystories-valid.txt", windows: 96, skip_windows: 160 },
    target: { sparsity: 0.2 },
    search: { trials: 40 },
    webhooks: [{ url: webhookUrl, events: ["job.succeeded", "job.failed"], secret }],
  };
}

async function demo(keep: boolean): Promise<void> {
  const started = performance.now();
  const dataDir = await makeScratchDir("espalier-demo-");
  const secret = `whsec_${randomBytes(32).toString("base64")}`;
  const receiver = await startWebhookReceiver(secret);
  say("Starting an embedded Postgres, the API and a worker…");
  const stack = await startEmbeddedStack({
    dataDir,
    modelRoots: [join(examples, "models")],
    corpusRoots: [join(examples, "corpora")],
    port: 0,
    threads: availableParallelism(),
    localWebhooks: true,
    durable: false,
  });
  try {
    const client = new ApiClient({ url: stack.url });
    say(`The service is at ${stack.url}. Submitting a job: POST /v1/jobs`);
    const { job } = await client.submit(demoJob(receiver.url, secret));
    say(`${job.id}: prune 20 % of a 260,032-parameter story teller, 40 trials`);
    const page = `${stack.url}/jobs/${job.id}`;
    say(`Watch it in a browser: ${page}\n`);
    const finished = await watchJob(client, job.id, process.stderr.isTTY ? "bar" : "lines");
    assertSucceeded(finished);
    const event = await receiver.first(WEBHOOK_WAIT_MILLISECONDS);
    say(`\nWebhook received: ${event.type}, sequence ${event.data.sequence}, signature verified.\n`);
    say(comparisonTable(await client.comparison(job.id)));
    await pullArtefact(client, job.id, output);
    const pruned = join(output, "native");
    const report = join(output, "report.html");
    await writeReport({ url: stack.url }, job.id, report);
    say(`\nThe pruned model: ${relative(process.cwd(), pruned)}`);
    say(`The job's pages:  ${relative(process.cwd(), report)}`);
    say(`\nDense   ▸ ${await generateText(join(examples, "models", "stories260K"), PROMPT)}`);
    say(`\nPruned  ▸ ${await generateText(pruned, PROMPT)}`);
    say(`\nDone in ${formatDuration((performance.now() - started) / 1000)}.`);
    if (keep) {
      say(`\nThe dashboard stays open at ${page} (API reference: ${stack.url}/docs). Stop: Ctrl-C`);
      await interrupted();
    }
  } finally {
    await stack.stop();
    await receiver.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

await demo(process.argv.includes("--keep"));
