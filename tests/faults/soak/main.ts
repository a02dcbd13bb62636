// npm run soak -- --minutes 10 [--seed 1] [--queue postgres]: jobs run while parts of the service are killed and
// suspended at random; in the end all jobs have to be over and all ten invariants to hold.
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { type Rng, streamRng } from "@espalier/search";
import { type CalmRun, calmRun } from "../harness/calm.js";
import { startPlace } from "../harness/place.js";
import { queueKinds } from "../harness/queue-kinds.js";
import { faults, redisFaults } from "./faults.js";
import { allEnded, comparable, startTraffic } from "./jobs.js";
import { type Parts, startParts } from "./parts.js";
import { summary, wrongs } from "./summary.js";

const WORKERS = 2;
const LONGEST_QUIET_MS = 5_000;
const PATIENCE_MS = 10 * 60_000;
const LAST_LINES = 200;

interface Options {
  readonly minutes: number;
  readonly seed: number;
  readonly queue: "postgres" | "redis";
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

function readOptions(): Options | undefined {
  const { values } = parseArgs({
    options: {
      minutes: { type: "string", default: "1" },
      seed: { type: "string", default: String(Date.now() % 2 ** 31) },
      queue: { type: "string", default: queueKinds.at(-1) ?? "postgres" },
    },
  });
  const [minutes, seed] = [Number(values.minutes), Number(values.seed)];
  const queue = queueKinds.find((kind) => kind === values.queue);
  return minutes > 0 && Number.isSafeInteger(seed) && queue ? { minutes, seed, queue } : undefined;
}

/** One fault after another, with pauses; returns how often each happened. */
async function disturb(parts: Parts, random: Rng, milliseconds: number): Promise<ReadonlyMap<string, number>> {
  const possible = Object.entries({ ...faults, ...(parts.place.redis === undefined ? {} : redisFaults) });
  const counts = new Map<string, number>();
  for (const end = performance.now() + milliseconds; performance.now() < end; ) {
    await sleep(random.next() * LONGEST_QUIET_MS);
    const [name, fault] = possible[Math.floor(random.next() * possible.length)] ?? possible[0];
    counts.set(name, (counts.get(name) ?? 0) + 1);
    say(`  ${name}`);
    await fault(parts, () => random.next());
  }
  return counts;
}

async function soak({ minutes, seed, queue }: Options): Promise<boolean> {
  say(`seed ${seed}, ${minutes} min, queue ${queue}; first the calm runs`);
  const calm: CalmRun[] = [];
  for (const recipe of comparable) calm.push(await calmRun(recipe));
  const place = await startPlace({ queue, postgres: "own" });
  const parts = await startParts(place, WORKERS);
  const ofJobs = streamRng(seed, 1);
  const traffic = startTraffic(place, () => ofJobs.next());
  const counts = await disturb(parts, streamRng(seed, 0), minutes * 60_000);
  traffic.close();
  await traffic.run;
  say("calm now; waiting for all jobs");
  const open = await allEnded(place, traffic.ids, PATIENCE_MS);
  const wrong = await wrongs(place, open, calm);
  say(`faults: ${[...counts].map(([name, count]) => `${name} ${count}`).join(", ")}`);
  for (const line of await summary(place)) say(line);
  say(`processes that ended unasked: ${parts.unasked.length}`);
  for (const last of parts.unasked) say(last);
  parts.close();
  const troubled = place
    .logs()
    .split("\n")
    .filter((line) => /"level":[456]0/.test(line));
  if (wrong.length > 0) say(troubled.slice(-LAST_LINES).join("\n"));
  await place.close();
  for (const line of wrong) say(line);
  say(wrong.length === 0 ? "all ten invariants hold" : `violated; seed ${seed}`);
  return wrong.length === 0;
}

const options = readOptions();
if (options === undefined) {
  say(`--minutes is a number, --seed a whole one, --queue one of ${queueKinds.join(", ")}`);
  process.exit(2);
}
process.exit((await soak(options)) ? 0 : 1);
