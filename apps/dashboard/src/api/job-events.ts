import type { components } from "@espalier/client";
import { type Query, useQueryClient } from "@tanstack/react-query";
import { EventSourceParserStream } from "eventsource-parser/stream";
import { useEffect, useState } from "react";
import { useApi } from "./api-context.js";
import { jobKey } from "./job-queries.js";

export type JobEvent = components["schemas"]["Event"];

/** `live`: events arrive; `lost`: trying to reach the service again; `ended`: nothing more will come. */
export type Connection = "connecting" | "live" | "lost" | "ended";

/** Events of a long search come in hundreds a second: views are read anew at most so often. */
const REFRESH_MS = 1000;
const RECONNECT_MS = 2000;
/** Events that a page keeps to show. */
const KEPT_EVENTS = 200;

const NO_CONTENT = 204;

const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });

/** Whether an answer is younger than its query's `meta.restMs` wants it to be before it is read again. */
const isResting = ({ meta, state }: Query): boolean =>
  typeof meta?.["restMs"] === "number" && Date.now() - state.dataUpdatedAt < meta["restMs"];

/**
 * Follows a job's events (server-sent events over `fetch`, since EventSource sends no key) and reads its views anew when
 * something happened. Starts `after` that sequence number; reconnects where it left off.
 */
export function useJobEvents(
  id: string,
  after: number,
): { readonly connection: Connection; readonly events: JobEvent[] } {
  const { client, source } = useApi();
  const queries = useQueryClient();
  const [connection, setConnection] = useState<Connection>("connecting");
  const [events, setEvents] = useState<JobEvent[]>([]);

  useEffect(() => {
    if (source === "report") return setConnection("ended");
    const stopped = new AbortController();
    const { signal } = stopped;
    let refresh: ReturnType<typeof setTimeout> | undefined;
    let last = after;

    const readSoon = () => {
      refresh ??= setTimeout(() => {
        refresh = undefined;
        const resting = queries.getQueryCache().findAll({ queryKey: jobKey(id), type: "active", predicate: isResting });
        // What is being fetched for the event before is let finish: a busy job would never show anything else.
        void queries.invalidateQueries(
          { queryKey: jobKey(id), predicate: (query) => !resting.includes(query) },
          { cancelRefetch: false },
        );
        if (resting.length > 0) readSoon();
      }, REFRESH_MS);
    };

    const readStream = async (): Promise<"ended" | "lost"> => {
      const { response } = await client.GET("/v1/jobs/{id}/events", {
        params: { path: { id } },
        headers: { accept: "text/event-stream", "last-event-id": String(last) },
        parseAs: "stream",
        signal,
      });
      if (response.status === NO_CONTENT) return "ended";
      if (response.body === null) return "lost";
      setConnection("live");
      const stream = response.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
      const reader = stream.getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return "lost"; // a stream whose job has ended answers 204 when it is asked for again
        const event = JSON.parse(value.data) as JobEvent;
        last = event.sequence;
        setEvents((known) => [event, ...known].slice(0, KEPT_EVENTS));
        readSoon();
      }
    };

    const follow = async () => {
      while (!signal.aborted) {
        const end = await readStream().catch(() => "lost" as const);
        if (signal.aborted) return;
        setConnection(end);
        readSoon();
        if (end === "ended") return;
        await pause(RECONNECT_MS, signal);
      }
    };
    void follow();
    return () => {
      stopped.abort();
      clearTimeout(refresh);
    };
  }, [client, source, queries, id, after]);

  return { connection, events };
}
