import { type ChildProcess, fork } from "node:child_process";
import { BEAT, type Reply, type Request } from "./messages.js";

/** JavaScript heap of the child: it holds one tokenizer and a few texts. */
const HEAP_MEGABYTES = 1536;

/** Milliseconds that one question may take. */
export interface TimeLimits {
  /** With a child that has to be started first. */
  readonly whole: number;
  /** In one computation that nothing interrupts, such as a hostile regular expression. */
  readonly silence: number;
}

/** The child gave no answer: it ran out of time or memory, or crashed. It is dead afterwards. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";

  constructor(readonly reason: keyof TimeLimits | "exit") {
    super(`the inspecting process gave no answer: ${reason}`);
  }
}

/** A forked process that answers one question at a time. */
export class InspectingChild {
  readonly #process: ChildProcess;
  #isReady = false;

  /** `onStderr` gets what the child writes there, which may come from a hostile file. */
  constructor(entry: URL, onStderr: (text: string) => void) {
    this.#process = fork(entry, [], {
      serialization: "advanced",
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      execArgv: [`--max-old-space-size=${HEAP_MEGABYTES}`],
      env: {}, // it reads hostile files and needs no secret
    });
    this.#process.stderr?.setEncoding("utf8").on("data", onStderr);
    this.#process.on("error", () => this.kill());
    this.#process.once("message", () => {
      this.#isReady = true;
    });
  }

  /** False from the moment that it was killed, which is before the system has ended it. */
  get alive(): boolean {
    const { connected, killed, exitCode, signalCode } = this.#process;
    return connected && !killed && exitCode === null && signalCode === null;
  }

  kill(): void {
    this.#process.kill("SIGKILL");
  }

  /** Rejects with NoAnswer, having killed the process. */
  ask(request: Request, limits: TimeLimits): Promise<Reply> {
    const child = this.#process;
    return new Promise((resolve, reject) => {
      const finish = (act: () => void): void => {
        clearTimeout(whole);
        clearTimeout(silence);
        child.off("message", onMessage).off("exit", onExit);
        act();
      };
      const giveUp = (reason: NoAnswer["reason"]): void =>
        finish(() => {
          this.kill();
          reject(new NoAnswer(reason));
        });
      const startSilence = () => setTimeout(() => giveUp("silence"), limits.silence);
      const onMessage = (message: Reply | typeof BEAT): void => {
        if (message === BEAT) {
          clearTimeout(silence);
          silence = startSilence();
        } else {
          finish(() => resolve(message));
        }
      };
      const onExit = (): void => giveUp("exit");
      const whole = setTimeout(() => giveUp("whole"), limits.whole);
      let silence = this.#isReady ? startSilence() : undefined;
      child.on("message", onMessage).on("exit", onExit);
      child.send(request, (error) => {
        if (error !== null) giveUp("exit");
      });
    });
  }
}
