import type { Job } from "@espalier/client";
import { formatPerplexity } from "@espalier/contracts";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useApi } from "../../../api/api-context.js";
import { historyQuery } from "../../../api/job-queries.js";
import { Panel } from "../../../ui/panel.js";
import { courseOf } from "../search/history/history-data.js";
import { specOf } from "../spec-of.js";
import styles from "./course-panel.module.css";
import { sparklineOf } from "./sparkline.js";

const POINTS = 200;

/** How the search went so far, small; the whole of it is one click away. */
export function CoursePanel({ job }: { readonly job: Job }) {
  const { client } = useApi();
  const { data } = useQuery({ ...historyQuery(client, job.id, POINTS), enabled: job.best.length > 0 });
  if (data === undefined) return null;
  const course = courseOf(data, job.dense, { sparsities: specOf(job).sparsities, sparsity: null });
  const line = sparklineOf(course);
  const best = course.points.at(-1)?.best ?? null;
  if (line === null) return null;
  return (
    <Panel
      title="The search"
      hint="The best perplexity so far, trial by trial; dashed: the best baseline."
      actions={
        <Link to="/jobs/$id/search" params={{ id: job.id }}>
          All trials
        </Link>
      }
    >
      <svg
        className={styles.line}
        viewBox="0 0 100 100"
        preserveAspectRatio="none"
        role="img"
        aria-label={`The best perplexity fell to ${formatPerplexity(best)} in ${data.total} trials.`}
      >
        {line.baseline !== null && (
          <line className={styles.baseline} x1={0} x2={100} y1={line.baseline} y2={line.baseline} />
        )}
        <polyline className={styles.best} points={line.steps} />
      </svg>
    </Panel>
  );
}
