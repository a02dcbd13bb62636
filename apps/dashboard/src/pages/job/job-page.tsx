import type { Job } from "@espalier/client";
import { isTerminal } from "@espalier/contracts";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, Outlet } from "@tanstack/react-router";
import { useState } from "react";
import { useApi } from "../../api/api-context.js";
import { useJobEvents } from "../../api/job-events.js";
import { jobQuery } from "../../api/job-queries.js";
import { buttonLink } from "../../ui/button.js";
import { Loaded } from "../../ui/loaded.js";
import { PageHeader } from "../../ui/page-header.js";
import { StateBadge } from "../../ui/state-badge.js";
import { DeleteJob } from "./delete-job.js";
import { JobContext } from "./job-context.js";
import { JobControls } from "./job-controls.js";
import styles from "./job-page.module.css";

const route = getRouteApi("/jobs/$id");

const views = [
  { to: "/jobs/$id", name: "Overview", exact: true },
  { to: "/jobs/$id/search", name: "Search", exact: false },
  { to: "/jobs/$id/front", name: "Pareto front", exact: false },
  { to: "/jobs/$id/layers", name: "Layers", exact: false },
  { to: "/jobs/$id/calibration", name: "Calibration", exact: false },
  { to: "/jobs/$id/racing", name: "Racing", exact: false },
  { to: "/jobs/$id/trials", name: "Trials", exact: false },
  { to: "/jobs/$id/comparison", name: "Comparison", exact: false },
  { to: "/jobs/$id/artefacts", name: "Artefacts", exact: false },
] as const;

const HEIGHT = 320;

/** One job: its name and state, and its views below. */
export function JobPage() {
  const { id } = route.useParams();
  const { client } = useApi();
  const query = useQuery(jobQuery(client, id));
  return (
    <>
      {query.data === undefined && <PageHeader title="Job" hint={<code>{id}</code>} />}
      <Loaded query={query} height={HEIGHT}>
        {(job) => <JobViews key={id} job={job} />}
      </Loaded>
    </>
  );
}

/** Events that were there before the page opened and are shown with it. */
const EARLIER_EVENTS = 50;

function JobViews({ job }: { readonly job: Job }) {
  const { source } = useApi();
  const { id, name, state } = job;
  // Where the stream begins is settled once: later events arrive by it.
  const [after] = useState(() => Math.max(0, job.event_sequence - EARLIER_EVENTS));
  const { connection, events } = useJobEvents(id, after);
  return (
    <JobContext value={{ job, connection, events }}>
      <PageHeader
        title={
          <>
            {name ?? id} <StateBadge state={state} />
          </>
        }
        hint={<code>{id}</code>}
        actions={
          source === "service" && (
            <>
              {isTerminal(state) ? <DeleteJob job={job} /> : <JobControls job={job} />}
              <Link to="/jobs/new" search={{ from: id }} className={buttonLink("quiet")}>
                Submit a copy
              </Link>
            </>
          )
        }
      />
      <nav className={styles.views} aria-label="Views of this job">
        {views.map(({ to, name: label, exact }) => (
          <Link
            key={to}
            to={to}
            params={{ id }}
            className={styles.view}
            activeOptions={{ exact, includeSearch: false }}
            activeProps={{ className: styles.here }}
          >
            {label}
          </Link>
        ))}
      </nav>
      <Outlet />
    </JobContext>
  );
}
