/**
 * The built dashboard in Chromium on a job with a hundred thousand trials, and on one with a million: time to the first
 * view of each page in a browser that has seen nothing, frames while the table of trials is scrolled and while history and
 * parallel coordinates are brushed, answers that the views waited for, and the memory of the page. `load` is the
 * machine's: above its cores all times are worse than the page's own; `rest` is what it took of the frames of a page
 * that does nothing. Seeding takes minutes: `--data DIR` keeps it there and finds it again; `--trials N`: that size alone.
 * npm run bench -- dashboard/large-jobs [--data DIR] [--trials N]
 */
import { loadavg } from "node:os";
import type { Browser, Page } from "playwright-core";
import { launchChromium } from "../../tests/browser/harness/chromium.js";
import { printResult } from "../result-line.js";
import { startApi } from "../service/api-process.js";
import { openSeeded } from "../service/open-seeded.js";
import { timesOf } from "../service/quantiles.js";
import { largeViews, openFirst } from "./first-view.js";
import { brushParallel, framesDuring, rest, scrollTable, zoomHistory } from "./frames.js";

const SIZES = [100_000, 1_000_000];
const OTHER_JOBS = 300;
const RUNS = 3;
const ROWS = 5000;
const ROWS_A_FRAME = 12;

const flag = process.argv.indexOf("--trials");
const sizes = flag > 0 ? [Number(process.argv[flag + 1])] : SIZES;

/** Resolves what `work` gives on a new page of an empty profile. */
async function onPage<T>(browser: Browser, work: (page: Page) => Promise<T>): Promise<T> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  // tsx names functions by a helper, also those that are sent into the page.
  await context.addInitScript("globalThis.__name = (named) => named");
  try {
    return await work(await context.newPage());
  } finally {
    await context.close();
  }
}

const heapMebibytes = async (page: Page): Promise<number> => {
  const session = await page.context().newCDPSession(page);
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  return usedSize / 2 ** 20;
};

async function measure(browser: Browser, job: string, trials: number): Promise<void> {
  const print = (line: Readonly<Record<string, unknown>>) =>
    printResult({ bench: "dashboard/large-jobs", trials, ...line, load: loadavg()[0] });
  for (const { name, path, content } of largeViews) {
    const seen = [];
    for (let run = 0; run < RUNS; run++)
      seen.push(await onPage(browser, (page) => openFirst(page, `${job}${path}`, content)));
    const { p50_ms, max_ms } = timesOf(seen.map(({ milliseconds }) => milliseconds));
    const slowest = seen.flatMap(({ answers }) => answers).toSorted((a, b) => b.milliseconds - a.milliseconds)[0];
    const answer = slowest?.path.replace(/job_[0-9a-f-]+/, "ID");
    print({ name: `first view: ${name}`, p50_ms, max_ms, runs: RUNS, answer, answer_ms: slowest?.milliseconds });
  }
  const moves = [
    { name: "rest: history", path: "/search", work: rest },
    { name: "zoom: history", path: "/search", work: zoomHistory },
    { name: "brush: parallel", path: "/search?view=parallel", work: brushParallel },
    { name: "scroll: trials", path: "/trials", work: (page: Page) => scrollTable(page, ROWS, ROWS_A_FRAME) },
    {
      name: "scroll: trials, best first",
      path: "/trials?sort=score",
      work: (page: Page) => scrollTable(page, ROWS, ROWS_A_FRAME),
    },
  ];
  for (const { name, path, work } of moves) {
    const content = largeViews.find((view) => view.path === path)?.content ?? "main";
    await onPage(browser, async (page) => {
      await openFirst(page, `${job}${path}`, content);
      await rest(page); // what follows the first view is no part of the move
      print({ name, ...(await framesDuring(page, () => work(page))), heap_mib: await heapMebibytes(page) });
    });
  }
}

const browser = await launchChromium();
for (const trials of sizes) {
  const seeded = await openSeeded({ trials, jobs: OTHER_JOBS });
  const api = await startApi(seeded);
  await measure(browser, `${api.url}/jobs/${seeded.jobId}`, trials);
  await api.stop();
  await seeded.close();
}
await browser.close();
