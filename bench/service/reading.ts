/**
 * What reading costs beside a million trials in one job and ten thousand other jobs: milliseconds of each answer of the
 * real service (a process of its own, over HTTP, one request at a time), then both exports with their rows a second, the
 * memory of the service, and how long others waited meanwhile. `load` is the machine's: above its cores, times are worse
 * than the service's own, and the processor time of an answer, service and Postgres together, says more.
 * npm run bench -- service/reading [--data DIR]
 */
import { readFileSync } from "node:fs";
import { loadavg } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { printResult } from "../result-line.js";
import { type Api, startApi } from "./api-process.js";
import { openSeeded } from "./open-seeded.js";
import { processorTimeBelow } from "./processor-time.js";
import { timesOf } from "./quantiles.js";
import { LARGE } from "./seed.js";

const WARM_UP = 3;
const RUNS = 30;
const OVERLOADED = 503;
/** Of what reads all the trials or does arithmetic. */
const FEW_RUNS = 5;

interface Reading {
  readonly name: string;
  /** Below /v1. Lists are walked page by page from the first. */
  readonly path: string;
  readonly runs?: number;
}

function readings(id: string): readonly Reading[] {
  const trials = `/jobs/${id}/trials`;
  return [
    { name: "trials", path: trials },
    { name: "trials, newest first", path: `${trials}?sort=-number` },
    { name: "trials by score", path: `${trials}?sort=score` },
    { name: "trials by score, worst first", path: `${trials}?sort=-score` },
    { name: "trials by duration", path: `${trials}?sort=duration` },
    { name: "trials, 200 a page", path: `${trials}?limit=200` },
    { name: "trials, 200 a page, two fields", path: `${trials}?limit=200&fields=number,score` },
    { name: "completed trials by score", path: `${trials}?state=completed&sort=score` },
    { name: "pruned trials", path: `${trials}?state=pruned` },
    { name: "infeasible trials", path: `${trials}?state=infeasible` },
    { name: "infeasible trials by duration", path: `${trials}?state=infeasible&sort=-duration` },
    { name: "cancelled trials (none)", path: `${trials}?state=cancelled` },
    { name: "trials in a narrow score range", path: `${trials}?min_score=2.6&max_score=2.601` },
    {
      name: "trials in a narrow score range by duration",
      path: `${trials}?min_score=2.6&max_score=2.601&sort=duration`,
    },
    { name: "trials by a parameter", path: `${trials}?sort=param:p3` },
    { name: "trials by a parameter, largest first", path: `${trials}?sort=-param:p3` },
    { name: "trials by a parameter that half of them have", path: `${trials}?sort=-param:exchange` },
    { name: "trials by a parameter that none has", path: `${trials}?sort=param:none` },
    { name: "infeasible trials by a parameter", path: `${trials}?state=infeasible&sort=param:p3` },
    { name: "trials in a narrow score range by a parameter", path: `${trials}?max_score=2.2&sort=param:p3` },
    { name: "trials in a wide score range by a parameter", path: `${trials}?max_score=2.5&sort=param:p3` },
    { name: "one trial", path: `${trials}/777777` },
    { name: "history", path: `/jobs/${id}/history` },
    { name: "history, 5000 points", path: `/jobs/${id}/history?points=5000` },
    { name: "history of a range", path: `/jobs/${id}/history?points=2000&min_number=400000&max_number=410000` },
    { name: "parallel", path: `/jobs/${id}/parallel`, runs: FEW_RUNS },
    { name: "pareto", path: `/jobs/${id}/pareto` },
    { name: "importance", path: `/jobs/${id}/importance`, runs: FEW_RUNS },
    { name: "slices", path: `/jobs/${id}/slices`, runs: FEW_RUNS },
    { name: "layers", path: `/jobs/${id}/layers` },
    { name: "one job", path: `/jobs/${id}` },
    { name: "jobs", path: "/jobs" },
    { name: "jobs, 200 a page", path: "/jobs?limit=200" },
    { name: "jobs by end", path: "/jobs?sort=-finished_at" },
    { name: "jobs of a state", path: "/jobs?state=failed" },
    { name: "jobs of a label", path: "/jobs?label=team:team-3" },
    { name: "jobs of a model", path: "/jobs?model=model-2&sort=created_at" },
    { name: "jobs of a model that none has", path: "/jobs?model=other" },
    { name: "jobs of a day", path: `/jobs?created_from=${daysAgo(3)}&created_before=${daysAgo(2)}` },
  ];
}

const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();

async function measure(api: Api, { name, path, runs = RUNS }: Reading): Promise<void> {
  const first = `/v1${path}`;
  const times: number[] = [];
  let bytes = 0;
  let next = first;
  let [before, refused] = [0, 0];
  for (let run = -WARM_UP; run < runs; run++) {
    if (run === 0) before = processorTimeBelow(process.pid);
    const start = performance.now();
    const response = await api.get(next);
    const body = await response.text();
    const elapsed = performance.now() - start;
    if (response.status === OVERLOADED) {
      refused++; // not a time of this answer: the service says so on a machine that is busy otherwise
      run--;
      await sleep(1000);
      continue;
    }
    if (!response.ok) throw new Error(`${next} answered ${response.status}: ${body}`);
    if (run >= 0) times.push(elapsed);
    bytes = Math.max(bytes, body.length);
    next = /<(.*)>; rel="next"/.exec(response.headers.get("link") ?? "")?.[1] ?? first;
  }
  const processor_ms = (processorTimeBelow(process.pid) - before) / runs;
  const figures = { processor_ms, ...timesOf(times) };
  const size = { runs, refused, largest_bytes: bytes, ...LARGE };
  printResult({ bench: "service/reading", name, ...figures, ...size, load: loadavg()[0] });
}

/** Memory of a process now and at most so far, in MiB. */
function memoryOf(pid: number): { readonly now: number; readonly most: number } {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const mebibytes = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1024;
  return { now: mebibytes("VmRSS"), most: mebibytes("VmHWM") };
}

/** Reads the job list again and again until told to stop; times of each in milliseconds. */
async function waitingTimes(api: Api, signal: AbortSignal): Promise<readonly number[]> {
  const times: number[] = [];
  while (!signal.aborted) {
    const start = performance.now();
    await (await api.get("/v1/jobs?limit=10")).text();
    times.push(performance.now() - start);
    await sleep(50);
  }
  return times;
}

/** How long others wait while one request after another does its arithmetic on the service's event loop. */
async function measureStall(api: Api, path: string): Promise<void> {
  const done = new AbortController();
  const waited = waitingTimes(api, done.signal);
  for (let run = 0; run < FEW_RUNS; run++) await (await api.get(`/v1${path}`)).text();
  done.abort();
  const others = await waited;
  const figures = { ...timesOf(others), runs: others.length };
  const name = `jobs page while ${path.split("/").at(-1)} is asked for`;
  printResult({ bench: "service/reading", name, ...figures, load: loadavg()[0] });
}

async function measureExport(api: Api, id: string, accept: string): Promise<void> {
  const before = memoryOf(api.pid).now;
  const done = new AbortController();
  const waited = waitingTimes(api, done.signal);
  const start = performance.now();
  const response = await api.get(`/v1/jobs/${id}/trials`, { accept });
  let [bytes, lines] = [0, 0];
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    for (const byte of chunk) if (byte === 10) lines++;
  }
  const seconds = (performance.now() - start) / 1000;
  done.abort();
  const others = timesOf(await waited);
  printResult({
    bench: "service/reading",
    name: `export ${accept}`,
    seconds,
    lines,
    lines_per_second: lines / seconds,
    mebibytes: bytes / 2 ** 20,
    rss_before_mib: before,
    rss_most_mib: memoryOf(api.pid).most,
    jobs_page_meanwhile_p50_ms: others["p50_ms"],
    jobs_page_meanwhile_p95_ms: others["p95_ms"],
    trials: LARGE.trials,
    load: loadavg()[0],
  });
}

const seeded = await openSeeded();
const api = await startApi(seeded);
for (const reading of readings(seeded.jobId)) await measure(api, reading);
for (const analysis of ["importance", "slices", "parallel"])
  await measureStall(api, `/jobs/${seeded.jobId}/${analysis}`);
for (const accept of ["text/csv", "application/x-ndjson"]) {
  const fresh = await startApi(seeded); // its memory is that of the export alone
  await measureExport(fresh, seeded.jobId, accept);
  await fresh.stop();
}
await api.stop();
await seeded.close();
