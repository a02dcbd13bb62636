import { isTerminal } from "@espalier/contracts";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useApi } from "../../api/api-context.js";
import { jobsQuery } from "../../api/jobs-queries.js";
import { buttonLink } from "../../ui/button.js";
import { Loaded } from "../../ui/loaded.js";
import { Message } from "../../ui/message.js";
import { PageHeader } from "../../ui/page-header.js";
import { FirstJob } from "./first-job.js";
import { JobsFilter } from "./jobs-filter.js";
import styles from "./jobs-page.module.css";
import type { JobsSearch } from "./jobs-search.js";
import { JobsTable } from "./jobs-table.js";

const route = getRouteApi("/jobs");

const PER_PAGE = 25;
const HEIGHT = 320;
/** While something runs numbers move; else only somebody else's new job is awaited. */
const BUSY_MS = 2000;
const IDLE_MS = 20_000;

/** All jobs, latest first. */
export function JobsPage() {
  const search: JobsSearch = route.useSearch();
  const navigate = route.useNavigate();
  const { client } = useApi();
  const query = useQuery({
    ...jobsQuery(client, { ...search, limit: PER_PAGE }),
    refetchInterval: ({ state }) => (state.data?.data.some((job) => !isTerminal(job.state)) ? BUSY_MS : IDLE_MS),
  });
  const { cursor, sort, ...filters } = search;
  const isFiltered = Object.keys(filters).length > 0;
  return (
    <>
      <PageHeader title="Jobs" hint="Each one searches for the best way to prune one model." />
      <Loaded query={query} height={HEIGHT}>
        {({ data, next_cursor }) =>
          data.length === 0 && !isFiltered && cursor === undefined ? (
            <FirstJob />
          ) : (
            <>
              <JobsFilter search={search} onChange={(next) => void navigate({ search: next })} />
              {data.length === 0 ? (
                <Message title="No job fits" tone="empty">
                  No job has this state, label and model. Take a filter away to see more.
                </Message>
              ) : (
                <JobsTable jobs={data} />
              )}
              <nav className={styles.pages} aria-label="Pages of jobs">
                {cursor !== undefined && (
                  <Link to="/jobs" search={{ ...filters, ...(sort && { sort }) }} className={buttonLink()}>
                    First page
                  </Link>
                )}
                {next_cursor !== null && (
                  <Link to="/jobs" search={{ ...search, cursor: next_cursor }} className={buttonLink()}>
                    Next page
                  </Link>
                )}
              </nav>
            </>
          )
        }
      </Loaded>
    </>
  );
}
