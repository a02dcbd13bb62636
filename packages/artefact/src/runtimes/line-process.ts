import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** A process that answers each line of JSON with one of `{ result }` or `{ error }`. */
export interface LineProcess {
  /** The next line of the process without asking. */
  readonly next: () => Promise<unknown>;
  readonly ask: (request: object) => Promise<unknown>;
  close(): Promise<void>;
}

/** What of its errors a failed process leaves in the message. */
const ERROR_TAIL = 300;

/** Starts such a process. Its promises reject with what it said last when it ends or cannot be started. */
export function startLineProcess(command: string, args: readonly string[], signal?: AbortSignal): LineProcess {
  const child = spawn(command, args, { stdio: "pipe", ...(signal === undefined ? {} : { signal }) });
  const said = tailOf(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = new Promise<void>((resolve) => {
    child.once("close", () => resolve());
    child.once("error", () => resolve());
  });
  // A process that ends takes its input with it; what it said is in the answer that never comes.
  child.stdin.on("error", () => undefined);
  const next = async (): Promise<unknown> => {
    const { value, done } = await lines.next();
    if (done) {
      await ended;
      throw new Error(said() || `'${command}' ended without an answer`);
    }
    const answer: { readonly result?: unknown; readonly error?: string } = JSON.parse(value);
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer.result;
  };
  return {
    next,
    ask: (request) => {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      return next();
    },
    close: async () => {
      child.kill();
      await ended;
    },
  };
}

function tailOf(child: ChildProcessWithoutNullStreams): () => string {
  let tail = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    tail = (tail + text).slice(-ERROR_TAIL);
  });
  child.on("error", (error) => {
    tail = error.message;
  });
  return () => tail.trim();
}
