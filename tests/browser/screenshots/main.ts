/**
 * Pictures of every view for docs/screenshots, NAME-WIDTH-THEME.png: npm run screenshots -- [--base URL --job ID
 * [--running ID]] [--out DIR] [--only NAME,NAME]. Without a URL it starts a service of its own, and makes a job that
 * ends and one that runs.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { dataOf, makeClient } from "@espalier/client";
import { repository } from "../../e2e/repository.js";
import { startService } from "../../e2e/running-service.js";
import { smallJob } from "../../e2e/small-job.js";
import { launchChromium } from "../harness/chromium.js";
import { allViews, type Places, type View } from "../harness/views.js";
import { drawn, shown } from "../harness/watched-page.js";
import { indexed } from "./palette.js";
import { readPng } from "./read-png.js";
import { writePng } from "./write-png.js";

const { values } = parseArgs({
  options: {
    base: { type: "string" },
    job: { type: "string" },
    running: { type: "string" },
    out: { type: "string", default: repository("docs/screenshots") },
    only: { type: "string" },
  },
});

const sizes = [
  { width: 1440, height: 1000 },
  { width: 1024, height: 1000 },
  { width: 360, height: 900 },
];
const themes = ["light", "dark"] as const;

interface Shown extends Places {
  readonly base: string;
  readonly runningId: string | undefined;
  close(): Promise<void>;
}

async function webhookAt(base: string): Promise<string> {
  const api = makeClient({ url: base });
  const { data } = await dataOf(api.GET("/v1/webhook-endpoints"));
  if (data[0] !== undefined) return data[0].id;
  const body = { url: "http://127.0.0.1:9/hooks/espalier", events: ["job.succeeded" as const] };
  return (await dataOf(api.POST("/v1/webhook-endpoints", { body }))).endpoint.id;
}

/** A service that is there, or one made for this. */
async function open(): Promise<Shown> {
  const { base, job: id, running } = values;
  const service = base === undefined ? await startService() : undefined;
  const url = base ?? service?.url ?? "";
  const api = makeClient({ url });
  let [jobId, runningId] = [id, running];
  if (service !== undefined) {
    const target = { sparsity: [0.2, 0.4] };
    const done = await service.submit(smallJob({ name: "stories260K", target, search: { trials: 60, seed: 7 } }));
    await service.finished(done.id);
    const next = await service.submit(smallJob({ name: "a longer one", search: { trials: 4000 } }));
    await service.until(next.id, ({ trials }) => trials.completed > 20);
    [jobId, runningId] = [done.id, next.id];
  }
  if (jobId === undefined) throw new Error("--base needs the --job that is shown");
  const { job } = await dataOf(api.GET("/v1/jobs/{id}", { params: { path: { id: jobId } } }));
  return {
    base: url,
    jobId,
    runningId,
    trial: job.best[0]?.trial_number ?? 0,
    webhookId: await webhookAt(url),
    close: async () => service?.stop(),
  };
}

const live: View = { name: "overview-live", path: ({ jobId }) => `/jobs/${jobId}` };

/** Views that say most while a search runs. */
const ofRunning = new Set([live.name, "racing"]);

const service = await open();
const { base, runningId } = service;
const browser = await launchChromium();
await mkdir(values.out, { recursive: true });
const only = values.only?.split(",");
const wanted = [...allViews, ...(runningId === undefined ? [] : [live])].filter(
  ({ name }) => only === undefined || only.includes(name),
);
for (const [place, { name, path, isChart }] of wanted.entries()) {
  process.stderr.write(`${place + 1} of ${wanted.length}: ${name}\n`);
  const address = path(ofRunning.has(name) && runningId !== undefined ? { ...service, jobId: runningId } : service);
  for (const viewport of sizes) {
    for (const colorScheme of themes) {
      const context = await browser.newContext({ baseURL: base, viewport, colorScheme, reducedMotion: "reduce" });
      const page = await context.newPage();
      await page.goto(address);
      await (isChart ? drawn : shown)(page);
      await page.waitForTimeout(500); // fonts, and what is read after the view's own data
      const picture = indexed(readPng(await page.screenshot()));
      await writeFile(resolve(values.out, `${name}-${viewport.width}-${colorScheme}.png`), writePng(picture));
      await context.close();
    }
  }
}
await browser.close();
await service.close();
