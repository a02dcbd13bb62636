import type { Job } from "@espalier/client";
import { useQuery } from "@tanstack/react-query";
import { useApi } from "../../../api/api-context.js";
import type { JobEvent } from "../../../api/job-events.js";
import { latestEventsQuery } from "../../../api/job-queries.js";
import { Moment } from "../../../ui/moment.js";
import { Panel } from "../../../ui/panel.js";
import styles from "./event-feed.module.css";
import { eventSentence } from "./event-sentence.js";

const SHOWN = 40;

interface EventFeedProps {
  readonly job: Job;
  /** Those that came while the page was open, latest first. */
  readonly live: readonly JobEvent[];
}

/** What happened, latest first. */
export function EventFeed({ job, live }: EventFeedProps) {
  const { client } = useApi();
  // The stream tells nothing more of a job that has ended: what it told is read once.
  const after = Math.max(0, job.event_sequence - SHOWN);
  const ended = useQuery({ ...latestEventsQuery(client, job.id, after), enabled: live.length === 0 });
  const events = live.length > 0 ? live : (ended.data?.data.toReversed() ?? []);
  return (
    <Panel title="Events">
      {events.length === 0 ? (
        <p className={styles.none}>Nothing has happened yet.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1)
        <ol className={styles.feed} aria-label="Events, latest first" tabIndex={0}>
          {events.slice(0, SHOWN).map((event) => (
            <li key={event.sequence}>
              <span>{eventSentence(event)}</span>
              <span className={styles.when}>
                <Moment at={event.timestamp} />
              </span>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}
