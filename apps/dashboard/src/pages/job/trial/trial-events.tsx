import { useQuery } from "@tanstack/react-query";
import { useApi } from "../../../api/api-context.js";
import { trialEventsQuery } from "../../../api/trial-queries.js";
import { Loaded } from "../../../ui/loaded.js";
import { Moment } from "../../../ui/moment.js";
import { Panel } from "../../../ui/panel.js";
import { useJob } from "../job-context.js";
import { eventSentence } from "../overview/event-sentence.js";
import styles from "./trial-page.module.css";

const HEIGHT = 60;

/** What was told of it. */
export function TrialEvents({ number }: { readonly number: number }) {
  const { job } = useJob();
  const { client } = useApi();
  const query = useQuery(trialEventsQuery(client, job.id, number));
  return (
    <Panel title="Events">
      <Loaded query={query} height={HEIGHT}>
        {(events) =>
          events.length === 0 ? (
            <p className={styles.quiet}>Nothing was told of it yet.</p>
          ) : (
            <ol className={styles.events}>
              {events.map((event) => (
                <li key={event.sequence}>
                  {eventSentence(event)} <Moment at={event.timestamp} />
                </li>
              ))}
            </ol>
          )
        }
      </Loaded>
    </Panel>
  );
}
