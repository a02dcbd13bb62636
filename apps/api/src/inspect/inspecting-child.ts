import { type ChildProcess, fork } from "node:child_process";
import type { Reply, Request } from "./messages.js";

/** JavaScript heap of the child: it holds one tokenizer and a few texts. */
const HEAP_MEGABYTES = 1536;

/** The child gave no answer: it ran out of time or memory, or crashed. It is dead afterwards. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";

  constructor(readonly reason: "timeout" | "exit") {
    super(`the inspecting process gave no answer: ${reason}`);
  }
}

/** A forked process that answers one question at a time. */
export class InspectingChild {
  readonly #process: ChildProcess;

  constructor(entry: URL) {
    this.#process = fork(entry, [], {
      serialization: "advanced",
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      execArgv: [`--max-old-space-size=${HEAP_MEGABYTES}`],
      env: {}, // it reads hostile files and needs no secret
    });
    this.#process.on("error", () => this.kill());
  }

  get alive(): boolean {
    return this.#process.connected && this.#process.exitCode === null && this.#process.signalCode === null;
  }

  kill(): void {
    this.#process.kill("SIGKILL");
  }

  /** Rejects with NoAnswer, having killed the process. */
  ask(request: Request, timeLimitMs: number): Promise<Reply> {
    const child = this.#process;
    return new Promise((resolve, reject) => {
      const finish = (act: () => void): void => {
        clearTimeout(timer);
        child.off("message", onMessage).off("exit", onExit);
        act();
      };
      const giveUp = (reason: NoAnswer["reason"]): void =>
        finish(() => {
          this.kill();
          reject(new NoAnswer(reason));
        });
      const onMessage = (reply: Reply): void => finish(() => resolve(reply));
      const onExit = (): void => giveUp("exit");
      const timer = setTimeout(() => giveUp("timeout"), timeLimitMs);
      child.on("message", onMessage).on("exit", onExit);
      child.send(request, (error) => {
        if (error !== null) giveUp("exit");
      });
    });
  }
}
