import { setTimeout as sleep } from "node:timers/promises";
import { type EventView, isTerminal, type JobId, jobStates } from "@espalier/contracts";
import type { Views } from "@espalier/store";
import type { StreamTiming } from "../deps.js";

/** Events read at once: bounds what waits for a slow client, since the next read waits until these are sent. */
const BATCH = 200;

/** What a browser waits before it reconnects. */
const RECONNECT_MS = 2000;

const DEFAULT_TIMING: StreamTiming = { pollMs: 500, keepAliveMs: 15_000 };

export interface EventStreamOptions {
  readonly views: Pick<Views, "events">;
  readonly jobId: JobId;
  readonly after: number;
  /** The job had ended when the stream was asked for. */
  readonly ended: boolean;
  readonly timing?: Partial<StreamTiming> | undefined;
  /** Ends the stream: the client left, or the service shuts down. */
  readonly signal: AbortSignal;
}

const lastEvents = new Set<string>(jobStates.filter(isTerminal).map((state) => `job.${state}`));

const endsJob = ({ type }: EventView): boolean => lastEvents.has(type);

const frame = (event: EventView): string =>
  `id: ${event.sequence}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;

/**
 * Server-sent events of one job: what came after `after`, then live, until the job has ended and all was sent.
 * Pulled by the connection, so a slow client slows the reads and nothing piles up.
 */
export async function* eventStream(options: EventStreamOptions): AsyncGenerator<string> {
  const { views, jobId, signal } = options;
  const { pollMs, keepAliveMs } = { ...DEFAULT_TIMING, ...options.timing };
  let { after, ended } = options;
  let silentMs = 0;
  yield `retry: ${RECONNECT_MS}\n\n`;
  while (!signal.aborted) {
    const events = await views.events(jobId, { after, limit: BATCH });
    if (events.length > 0) {
      yield events.map(frame).join("");
      after = events.at(-1)?.sequence ?? after;
      ended ||= events.some(endsJob);
      silentMs = 0;
      continue;
    }
    if (ended) return;
    await sleep(pollMs, undefined, { signal }).catch(() => undefined);
    silentMs += pollMs;
    if (silentMs >= keepAliveMs) {
      yield ": keep-alive\n\n";
      silentMs = 0;
    }
  }
}
