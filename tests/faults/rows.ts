import { readdirSync } from "node:fs";

/** One line of the table that `npm run test:faults` prints: a row of the fault table, or a kind of hostile input. */
export interface Row {
  /** Of the fault table; absent for hostile input. */
  readonly number?: number;
  readonly fault: string;
  /** Paths below the repository's root. */
  readonly tests: readonly string[];
  /** Part of `npm test` too. */
  readonly isFast?: boolean;
  /** Where the property is shown in full, where the test shows a smaller one. */
  readonly bench?: string;
}

/** The row's own files are those whose names begin with its number. */
const fault = (number: number, text: string, isFast = false): Row => {
  const prefix = `${String(number).padStart(2, "0")}-`;
  const files = readdirSync(import.meta.dirname).filter((name) => name.startsWith(prefix) && name.endsWith(".test.ts"));
  return { number, fault: text, tests: files.map((name) => `tests/faults/${name}`), isFast };
};

/** The fault table: each row has a file of its own, or is shown by a test that stands elsewhere. */
export const faultRows: readonly Row[] = [
  fault(1, "SIGKILL of a compute child mid-trial", true),
  fault(2, "SIGKILL of a worker mid-trial, mid-profile", true),
  fault(3, "SIGKILL between result stored and message acknowledged", true),
  fault(4, "SIGTERM during a trial, a profile, an export"),
  fault(5, "worker suspended 60 s, then continued"),
  fault(6, "Redis restarted, emptied, gone for a minute"),
  fault(7, "Postgres restarted mid-search"),
  fault(8, "every queue message delivered three times"),
  fault(9, "two workers finish the same trial", true),
  fault(10, "clocks of workers off by an hour"),
  fault(11, "disk full while exporting"),
  fault(12, "SIGKILL while exporting", true),
  fault(13, "whole embedded stack killed mid-search"),
  fault(14, "cancel in every state, twice, at the moment of success", true),
  fault(15, "100 parallel POSTs with one Idempotency-Key", true),
  fault(16, "NaN weights, all infeasible, too short a corpus"),
  fault(17, "model too large for memory"),
  fault(18, "10,000 jobs queued by one key"),
  {
    number: 19,
    fault: "1,000,000 trials in one job",
    tests: ["packages/store/test/history.test.ts", "packages/store/test/paging.test.ts"],
    bench: "npm run bench -- service/reading",
  },
  fault(20, "200 slow webhook receivers"),
];

/** Hostile input, by the file that tries it; `docs/security.md` says what each tries. */
export const hostileRows: readonly Row[] = [
  { fault: "safetensors", tests: ["packages/model/test/safetensors.test.ts", "packages/model/test/folder.test.ts"] },
  { fault: "files of gibibytes", tests: ["packages/model/test/memory.test.ts"] },
  { fault: "index of shards", tests: ["packages/model/test/shards.test.ts"] },
  { fault: "paths", tests: ["packages/model/test/roots.test.ts", "apps/api/test/bad-input.test.ts"] },
  { fault: "config.json", tests: ["packages/model/test/config.test.ts"] },
  { fault: "tokenizer.json", tests: ["packages/model/test/tokenizer.test.ts", "apps/api/test/hostile-files.test.ts"] },
  { fault: "a hub's answers", tests: ["packages/model/test/hub.test.ts", "tests/e2e/hub.test.ts"] },
  { fault: "corpora", tests: ["packages/model/test/corpus.test.ts"] },
  { fault: "request bodies", tests: ["apps/api/test/hostile-bodies.test.ts", "apps/api/test/request-bounds.test.ts"] },
  { fault: "requests before routing", tests: ["apps/api/test/problems.test.ts"] },
  { fault: "cursors", tests: ["packages/store/test/paging.test.ts"] },
  { fault: "webhook addresses", tests: ["packages/webhooks/test/guard.test.ts"] },
  { fault: "client addresses", tests: ["apps/api/test/trust-proxy.test.ts"] },
  { fault: "lines of ask-tell", tests: ["apps/cli/test/ask-tell.test.ts"] },
  { fault: "changed inputs of every parser", tests: ["tests/fuzz/fuzz.test.ts"] },
];

/** Files of the fault table that `npm test` leaves to `npm run test:faults`. */
export const slowTests: readonly string[] = faultRows
  .filter(({ isFast }) => !isFast)
  .flatMap(({ tests }) => tests)
  .filter((path) => path.startsWith("tests/faults/"));
