import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { repository } from "../e2e/repository.js";
import { graveFindings } from "./harness/accessibility.js";
import type { Stage } from "./harness/stage.js";
import { allViews, type Places } from "./harness/views.js";
import { drawn, shown, type WatchedPage } from "./harness/watched-page.js";

const run = promisify(execFile);

/** Views that are the service's, not a job's. */
const ofService = /^\/(?:jobs$|jobs\/new|webhooks|keys|health)/;

async function writeReport({ service, jobId }: Stage, file: string): Promise<void> {
  const program = repository("apps/cli/bin/espalier.js");
  await run(process.execPath, [program, "report", jobId, "-o", file], {
    env: { ...process.env, ESPALIER_URL: service.url },
  });
}

/** The report of a finished job holds what its pages show, in one file that asks nobody. */
export function openReport(stage: () => Stage): void {
  it("opens every view of a job from a file, without a server", async () => {
    const folder = await mkdtemp(join(tmpdir(), "espalier-report-"));
    try {
      const file = join(folder, "report.html");
      await writeReport(stage(), file);
      const { jobId, service } = stage();
      const trial = (await service.job(jobId)).best[0].trial_number ?? 0;
      await stage().withPage((watched) => lookThrough(watched, { jobId, trial, webhookId: "" }), {
        base: pathToFileURL(file).href,
      });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}

async function lookThrough({ page }: WatchedPage, places: Places): Promise<void> {
  // What it opens with is the job.
  await page.goto("");
  await page.getByRole("heading", { level: 1, name: /made in the form/ }).waitFor();
  for (const { path, isChart, name } of allViews) {
    const at = path(places);
    if (ofService.test(at)) continue;
    await page.evaluate((place) => location.assign(`#${place}`), at);
    await (isChart ? drawn : shown)(page);
    expect(await page.getByText("Not part of this report").count(), name).toBe(0);
    expect(await graveFindings(page), name).toEqual([]);
  }
  expect(await page.getByRole("button", { name: /^(?:Pause|Cancel|Delete|Export|Redeliver|Submit)/ }).count()).toBe(0);
}
