import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";

const LIMIT_MS = 120_000;
const PAUSE_MS = 25;

/**
 * Asks until the answer is `wanted` (or `wanted` says so of it); throws with the last answer after two minutes. Tests
 * that run side by side cannot use vitest's own `expect.poll`.
 */
export async function eventually<T>(ask: () => T | Promise<T>, wanted: T | ((answer: T) => boolean)): Promise<void> {
  const isSo = (answer: T) => (wanted instanceof Function ? wanted(answer) : isDeepStrictEqual(answer, wanted));
  for (const end = performance.now() + LIMIT_MS; ; await sleep(PAUSE_MS)) {
    const answer = await ask();
    if (isSo(answer)) return;
    if (performance.now() > end) throw new Error(`it never came to that: ${JSON.stringify(answer)}`);
  }
}
