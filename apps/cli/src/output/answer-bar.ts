import { SingleBar } from "cli-progress";

export interface AnswerBar {
  readonly update: (done: number, total: number) => void;
  readonly stop: () => void;
}

/** Progress over the answers of a service, on stderr where that is a terminal. */
export function answerBar(): AnswerBar {
  if (!process.stderr.isTTY) return { update: () => undefined, stop: () => undefined };
  const bar = new SingleBar({
    format: "{bar} {value}/{total} answers · {eta_formatted} left",
    clearOnComplete: true,
    hideCursor: true,
  });
  bar.start(1, 0);
  return {
    update: (done, total) => {
      bar.setTotal(total);
      bar.update(done);
    },
    stop: () => bar.stop(),
  };
}
