/** A piece of work that repeats until it is stopped. */
export interface Repeating {
  /** Waits for the round that runs. */
  stop(): Promise<void>;
}

/** Runs `work` at once and then `everyMs` after each round has ended; a failing round is reported and the next follows. */
export function repeat(work: () => Promise<unknown>, everyMs: number, onError: (error: unknown) => void): Repeating {
  const stopped = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let round = runRound();

  async function runRound(): Promise<void> {
    try {
      await work();
    } catch (error) {
      onError(error);
    }
    if (stopped.signal.aborted) return;
    timer = setTimeout(() => {
      round = runRound();
    }, everyMs);
  }

  return {
    stop: async () => {
      stopped.abort();
      clearTimeout(timer);
      await round;
    },
  };
}
