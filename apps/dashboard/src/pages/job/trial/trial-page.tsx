import type { Trial } from "@espalier/client";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useApi } from "../../../api/api-context.js";
import { trialQuery } from "../../../api/job-queries.js";
import { buttonLink } from "../../../ui/button.js";
import { Loaded } from "../../../ui/loaded.js";
import { Message } from "../../../ui/message.js";
import stack from "../../../ui/stack.module.css";
import { StateBadge } from "../../../ui/state-badge.js";
import { useJob } from "../job-context.js";
import { FactsPanel } from "./facts-panel.js";
import { ParametersPanel } from "./parameters-panel.js";
import { PlansPanel } from "./plans-panel.js";
import { ResultsPanel } from "./results-panel.js";
import { TrialEvents } from "./trial-events.js";
import styles from "./trial-page.module.css";

const route = getRouteApi("/jobs/$id/trials/$number");
const HEIGHT = 420;

/** One trial: what was tried, what came of it, and how it went. */
export function TrialPage() {
  const { id, number } = route.useParams();
  const { client } = useApi();
  const query = useQuery({ ...trialQuery(client, id, Number(number)), enabled: /^\d{1,9}$/.test(number) });
  if (!/^\d{1,9}$/.test(number)) {
    return (
      <Message title={`“${number}” is no trial`} tone="empty">
        Trials are numbered from 0.{" "}
        <Link to="/jobs/$id/trials" params={{ id }}>
          All trials
        </Link>
      </Message>
    );
  }
  return (
    <Loaded query={query} height={HEIGHT}>
      {(trial) => <TrialViews key={trial.number} trial={trial} />}
    </Loaded>
  );
}

const INDENT = 2;

function TrialViews({ trial }: { readonly trial: Trial }) {
  const { job } = useJob();
  const { number, state, reason } = trial;
  const to = "/jobs/$id/trials/$number" as const;
  return (
    <div className={stack.column}>
      <header className={styles.header}>
        <h2 className={styles.title}>
          Trial {number} <StateBadge state={state} />
        </h2>
        <nav className={styles.nav} aria-label="Other trials">
          {number > 0 && (
            <Link to={to} params={{ id: job.id, number: String(number - 1) }} className={buttonLink()}>
              ← {number - 1}
            </Link>
          )}
          <Link to="/jobs/$id/trials" params={{ id: job.id }} search={{ at: number }} className={buttonLink()}>
            In the list
          </Link>
          <Link to={to} params={{ id: job.id, number: String(number + 1) }} className={buttonLink()}>
            {number + 1} →
          </Link>
        </nav>
      </header>
      {reason !== null && (
        <Message title={state === "infeasible" ? "This plan is not possible" : "This trial failed"} tone="warning">
          {reason}
        </Message>
      )}
      <div className={stack.wide}>
        <div className={stack.column}>
          <ResultsPanel trial={trial} />
          {trial.results.length > 0 && <PlansPanel trial={trial} />}
          <ParametersPanel trial={trial} />
        </div>
        <div className={stack.column}>
          <FactsPanel trial={trial} />
          <TrialEvents number={number} />
        </div>
      </div>
      <details className={styles.raw}>
        <summary>As JSON</summary>
        <pre>{JSON.stringify(trial, null, INDENT)}</pre>
      </details>
    </div>
  );
}
