import { AppError, type CreateJobBody, type JobSpec } from "@espalier/contracts";
import type { Log } from "@espalier/pipeline";
import type { Inventory } from "../deps.js";
import { InspectingChild, NoAnswer } from "./inspecting-child.js";
import type { InspectTasks, Reply, Request, Roots, TaskName } from "./messages.js";

/** Longest time for one question: a few megabytes of text are tokenised in a second or two. */
const TIME_LIMIT_MS = 30_000;

/** Questions that wait at most: more would wait longer than a client does. */
const MAX_WAITING = 200;

export interface InspectorOptions {
  /** The built `child.js`. */
  readonly entry: URL;
  readonly roots: Roots;
  readonly log: Log;
  readonly timeLimitMs?: number;
}

/** Looks into models and texts in a child process, which is ended when hostile input keeps it busy. */
export interface Inspector extends Inventory {
  /** The job as it will be stored. Throws AppError with JSON Pointers into the body. */
  inspect(body: CreateJobBody): Promise<JobSpec>;
  close(): Promise<void>;
}

function tooHard(reason: NoAnswer["reason"], timeLimitMs: number): AppError {
  const limit = reason === "timeout" ? `more than ${timeLimitMs / 1000} s` : "too much memory";
  const detail = `Reading the model, its tokenizer and the texts took ${limit}. Check these files, or use smaller ones.`;
  return new AppError("VALIDATION_FAILED", detail, { errors: [{ detail, pointer: "/model/path" }] });
}

function answerOf<T extends TaskName>(reply: Reply): InspectTasks[T]["answer"] {
  if (reply.ok) return reply.answer as InspectTasks[T]["answer"];
  const { code, message, errors } = reply.error;
  throw code === null ? new Error(`inspection failed: ${message}`) : new AppError(code, message, { errors });
}

/** Starts a child at the first question and keeps it; questions are answered one after the other. */
export function makeInspector({ entry, roots, log, timeLimitMs = TIME_LIMIT_MS }: InspectorOptions): Inspector {
  let child: InspectingChild | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  let closed = false;

  async function ask(request: Request): Promise<Reply> {
    if (closed) throw new AppError("SERVICE_UNAVAILABLE", "The service is shutting down.");
    if (child?.alive !== true) child = new InspectingChild(entry);
    try {
      return await child.ask(request, timeLimitMs);
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      log.warn({ event: "inspection.killed", task: request.task, reason: error.reason }, "inspection killed");
      throw closed
        ? new AppError("SERVICE_UNAVAILABLE", "The service is shutting down.")
        : tooHard(error.reason, timeLimitMs);
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
    inspect: (question) => inLine<"job">({ task: "job", question, roots }),
    listModels: () => inLine<"models">({ task: "models", question: null, roots }),
    listCorpora: () => inLine<"corpora">({ task: "corpora", question: null, roots }),
    async close() {
      closed = true;
      child?.kill();
    },
  };
}
