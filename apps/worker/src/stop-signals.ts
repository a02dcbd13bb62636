/** Why the process was asked to stop. */
export type StopReason = "SIGTERM" | "SIGINT" | "parent gone";

/** Exit status after a second signal: 128 + SIGINT, as shells report an interrupted process. */
const EXIT_INTERRUPTED = 130;

/**
 * Calls `stop` once, at the first signal or when the process that started this one is gone (its IPC channel closes).
 * A second signal ends the process at once.
 */
export function onStopSignal(stop: (reason: StopReason) => void): void {
  let asked = false;
  const ask = (reason: StopReason): void => {
    if (asked && reason !== "parent gone") process.exit(EXIT_INTERRUPTED);
    if (asked) return;
    asked = true;
    stop(reason);
  };
  process.on("SIGTERM", () => ask("SIGTERM"));
  process.on("SIGINT", () => ask("SIGINT"));
  // Only a process that was started with a channel has one to lose.
  if (process.connected) process.on("disconnect", () => ask("parent gone"));
}
