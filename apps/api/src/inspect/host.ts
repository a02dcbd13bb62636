import { AppError, type CreateJobBody, type JobSpec } from "@espalier/contracts";
import type { Log } from "@espalier/pipeline";
import type { Inventory } from "../deps.js";
import type { MemorySettings } from "./check-memory.js";
import { InspectingChild, NoAnswer, type TimeLimits } from "./inspecting-child.js";
import type {
  AskedProfile,
  CountedJob,
  FoundOnHub,
  InspectTasks,
  Reply,
  Request,
  Roots,
  TaskName,
} from "./messages.js";

/** A few megabytes of text are tokenised in a second or two; texts come one after the other. */
const TIME_LIMITS_MS: TimeLimits = { whole: 30_000, silence: 10_000 };

/** Kept of what the child writes to stderr at once: warnings of the tokenizer library quote its files. */
const MAX_STDERR = 4000;

/** Questions that wait at most: more would wait longer than a client does. */
const MAX_WAITING = 200;

export interface InspectorOptions {
  /** The built `child.js`. */
  readonly entry: URL;
  readonly roots: Roots;
  readonly memory?: MemorySettings | undefined;
  readonly log: Log;
  readonly timeLimitsMs?: Partial<TimeLimits>;
}

/** Looks into models and texts in a child process, which is ended when hostile input keeps it busy. */
export interface Inspector extends Inventory {
  /** The job as it will be stored. Throws AppError with JSON Pointers into the body. */
  inspect(body: CreateJobBody, onHub?: FoundOnHub): Promise<JobSpec>;
  /** The same checks, and what the job costs. */
  count(body: CreateJobBody, onHub?: FoundOnHub): Promise<CountedJob>;
  /** Throws AppError where a finished job's model fits into a form under no plan. */
  checkProfile(asked: AskedProfile): Promise<void>;
  close(): Promise<void>;
}

function tooHard(reason: NoAnswer["reason"], limits: TimeLimits): AppError {
  const limit = reason === "exit" ? "too much memory" : `more than ${limits[reason] / 1000} s`;
  const detail = `Reading the model, its tokenizer and the texts took ${limit}. Check these files, or use smaller ones.`;
  return new AppError("VALIDATION_FAILED", detail, { errors: [{ detail, pointer: "/model/path" }] });
}

function answerOf<T extends TaskName>(reply: Reply): InspectTasks[T]["answer"] {
  if (reply.ok) return reply.answer as InspectTasks[T]["answer"];
  const { code, message, errors } = reply.error;
  throw code === null ? new Error(`inspection failed: ${message}`) : new AppError(code, message, { errors });
}

/** Starts a child at the first question and keeps it; questions are answered one after the other. */
export function makeInspector({ entry, roots, memory = {}, log, timeLimitsMs }: InspectorOptions): Inspector {
  const limits = { ...TIME_LIMITS_MS, ...timeLimitsMs };
  let child: InspectingChild | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  let closed = false;

  const logStderr = (text: string): void =>
    log.warn({ event: "inspection.stderr", text: text.slice(0, MAX_STDERR) }, "inspection wrote to stderr");

  async function ask(request: Request): Promise<Reply> {
    if (closed) throw new AppError("SERVICE_UNAVAILABLE", "The service is shutting down.");
    if (child?.alive !== true) child = new InspectingChild(entry, logStderr);
    try {
      return await child.ask(request, limits);
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      log.warn({ event: "inspection.killed", task: request.task, reason: error.reason }, "inspection killed");
      throw closed
        ? new AppError("SERVICE_UNAVAILABLE", "The service is shutting down.")
        : tooHard(error.reason, limits);
    }
  }

  async function inLine<T extends TaskName>(request: Extract<Request, { task: T }>) {
    if (waiting >= MAX_WAITING)
      throw new AppError("SERVICE_UNAVAILABLE", "Too many jobs are being checked. Try again.");
    waiting += 1;
    const turn = last.then(() => ask(request)).finally(() => (waiting -= 1));
    last = turn.catch(() => undefined);
    return answerOf<T>(await turn);
  }

  return {
    inspect: (body, onHub) => inLine<"job">({ task: "job", question: { body, onHub }, roots, memory }),
    count: (body, onHub) => inLine<"estimate">({ task: "estimate", question: { body, onHub }, roots, memory }),
    checkProfile: async (question) => void (await inLine<"profile">({ task: "profile", question, roots, memory })),
    listModels: () => inLine<"models">({ task: "models", question: null, roots, memory }),
    listCorpora: () => inLine<"corpora">({ task: "corpora", question: null, roots, memory }),
    async close() {
      closed = true;
      child?.kill();
    },
  };
}
