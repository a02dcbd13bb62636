// npm run soak -- --minutes 10 [--seed 1] [--queue postgres]: jobs run while parts of the service are killed and
// suspended at random; in the end all jobs have to be over and all ten invariants to hold.
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { streamRng } from "@espalier/search";
import { calmRun } from "../harness/calm.js";
import { startPlace } from "../harness/place.js";
import { queueKinds } from "../harness/queue-kinds.js";
import { violations } from "../invariants.js";
import { faults, redisFaults } from "./faults.js";
import { allEnded, comparable, startTraffic } from "./jobs.js";
import { startParts } from "./parts.js";

const WORKERS = 2;
const LONGEST_QUIET_MS = 5_000;
const PATIENCE_MS = 10 * 60_000;
/** Ends of jobs that kills explain: the same trial or stage was hit three times. */
const EXPLAINED = new Set(["COMPUTE_LOST", "SEARCH_INFEASIBLE"]);

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "1" },
    seed: { type: "string", default: String(Date.now() % 2 ** 31) },
    queue: { type: "string", default: queueKinds.at(-1) ?? "postgres" },
  },
});
const [minutes, seed] = [Number(values.minutes), Number(values.seed)];
const queue = queueKinds.find((kind) => kind === values.queue);
if (!(minutes > 0) || !Number.isSafeInteger(seed) || queue === undefined) {
  say(`--minutes is a number, --seed a whole one, --queue one of ${queueKinds.join(", ")}`);
  process.exit(2);
}

say(`seed ${seed}, ${minutes} min, queue ${queue}; first the calm runs`);
const calm = [];
for (const recipe of comparable) calm.push(await calmRun(recipe));
const random = streamRng(seed, 0);
const place = await startPlace({ queue, postgres: "own" });
const parts = await startParts(place, WORKERS);
const ofJobs = streamRng(seed, 1);
const traffic = startTraffic(place, () => ofJobs.next());
const counts = new Map<string, number>();
const possible = Object.entries({ ...faults, ...(queue === "redis" ? redisFaults : {}) });
for (const end = performance.now() + minutes * 60_000; performance.now() < end; ) {
  await sleep(random.next() * LONGEST_QUIET_MS);
  const [name, fault] = possible[Math.floor(random.next() * possible.length)] ?? possible[0];
  counts.set(name, (counts.get(name) ?? 0) + 1);
  process.stderr.write(`${name}\n`);
  await fault(parts, () => random.next());
}
traffic.close();
await traffic.run;
say("calm now; waiting for all jobs");
const open = await allEnded(place, traffic.ids, PATIENCE_MS);
const broken = [
  ...open.map(({ id, state }) => `invariant 1: ${id} is still ${state}`),
  ...(await violations(place, { calm, mayRun: open.length > 0 })),
];
const jobs = await place.database.query<{ state: string; code: string | null; count: number }>(
  "SELECT state, error_code AS code, count(*)::int AS count FROM jobs GROUP BY state, error_code",
);
broken.push(
  ...jobs
    .filter(({ code }) => code !== null && !EXPLAINED.has(code))
    .map(({ code, count }) => `${count} jobs failed with ${code}`),
);
const trials = await place.database.query<{ state: string; count: number; again: number }>(
  "SELECT state, count(*)::int AS count, count(*) FILTER (WHERE epoch > 1)::int AS again FROM trials GROUP BY state",
);
say(`faults: ${[...counts].map(([name, count]) => `${name} ${count}`).join(", ")}`);
say(`jobs: ${jobs.map(({ state, code, count }) => `${state}${code ? ` (${code})` : ""} ${count}`).join(", ")}`);
say(`trials: ${trials.map(({ state, count, again }) => `${state} ${count} (${again} run again)`).join(", ")}`);
say(`processes that ended unasked: ${parts.unasked.length}`);
for (const last of parts.unasked) say(last);
parts.close();
if (broken.length > 0)
  say(
    place
      .logs()
      .split("\n")
      .filter((line) => /"level":[456]0/.test(line))
      .slice(-200)
      .join("\n"),
  );
await place.close();
for (const line of broken) say(line);
say(broken.length === 0 ? "all ten invariants hold" : `violated; seed ${seed}`);
process.exit(broken.length === 0 ? 0 : 1);
