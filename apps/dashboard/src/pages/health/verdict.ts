import type { Status } from "@espalier/client";
import { formatCount } from "@espalier/contracts";
import { otherVersions, pieces } from "./worker-facts.js";

/** One thing that is not as it should be. */
export interface Concern {
  readonly tone: "bad" | "warn";
  readonly title: string;
  readonly what: string;
}

export interface Verdict {
  readonly tone: "good" | "warn" | "bad";
  /** The page's answer in one sentence. */
  readonly sentence: string;
  /** Gravest first. */
  readonly concerns: readonly Concern[];
}

const START =
  "“espalier up” brings one along; with Docker: “docker compose up --scale worker=1”; by hand, with the settings of the API: “node apps/worker/dist/main.js”.";

/** Ten minutes, as the alert EspalierWorkWaits has it. */
const LONG_SECONDS = 600;

/** Whether all is right with the service, and what is not. */
export function verdictOf(status: Status): Verdict {
  const concerns = [...concernsOf(status)].sort((a, b) => Number(b.tone === "bad") - Number(a.tone === "bad"));
  const [first] = concerns;
  if (first === undefined) return { tone: "good", sentence: `Everything is running: ${doing(status)}.`, concerns };
  return { tone: first.tone, sentence: `${first.title}.`, concerns };
}

const waitingOf = ({ queues }: Status): number => queues.reduce((sum, { waiting }) => sum + waiting, 0);

function* concernsOf(status: Status): Generator<Concern> {
  const { checks, workers, queues, version } = status;
  const waiting = waitingOf(status);
  const silent = workers.filter(({ stale }) => stale).length;
  if (checks.postgres !== "ok") {
    yield {
      tone: "bad",
      title: "Postgres does not answer",
      what: "Nothing can be read or submitted; nothing is lost.",
    };
  }
  if (silent === workers.length) {
    const title = waiting > 0 ? "Jobs wait, and no worker takes them" : "No worker is running";
    yield { tone: waiting > 0 ? "bad" : "warn", title, what: `Start one: ${START}` };
  }
  if (checks.queue !== "ok") {
    const what = "Jobs are accepted and wait; workers get their work when it is back. Nothing is lost.";
    yield { tone: "warn", title: "The queue does not answer", what };
  }
  if (checks.files !== "ok") {
    yield {
      tone: "warn",
      title: "The files cannot be reached",
      what: "Downloads fail and exports wait; all else works.",
    };
  }
  if (silent > 0 && silent < workers.length) {
    const title = silent === 1 ? "One worker has gone silent" : `${silent} workers have gone silent`;
    yield { tone: "warn", title, what: "Held work is given to the others; the logs of who is silent say why." };
  }
  const others = otherVersions(status);
  if (others.length > 0) {
    const what = `The API runs ${version}, workers run ${others.join(", ")}. Bring them to one version after an update.`;
    yield { tone: "warn", title: "Workers run another version than the API", what };
  }
  const late = queues.filter(({ oldest_waiting_seconds: oldest }) => oldest !== null && oldest > LONG_SECONDS);
  if (late.length > 0 && silent < workers.length) {
    const title = "Some work has waited for more than ten minutes";
    yield { tone: "warn", title, what: "There are too few workers for what was asked, or none that can take it." };
  }
}

function doing(status: Status): string {
  const { workers } = status;
  const inHand = workers.reduce((sum, worker) => sum + worker.in_hand, 0);
  const waiting = waitingOf(status);
  const held = inHand === 0 ? "" : ` with ${pieces(inHand)} in hand`;
  const rest = waiting === 0 ? "nothing waits" : `${pieces(waiting)} ${waiting === 1 ? "waits" : "wait"}`;
  return `${workers.length === 1 ? "1 worker" : `${formatCount(workers.length)} workers`}${held}, ${rest}`;
}
