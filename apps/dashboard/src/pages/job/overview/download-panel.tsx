import type { Job } from "@espalier/client";
import { formatBytes } from "@espalier/contracts";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useApi } from "../../../api/api-context.js";
import { artifactsQuery } from "../../../api/job-queries.js";
import { buttonLink } from "../../../ui/button.js";
import { Loaded } from "../../../ui/loaded.js";
import { Panel } from "../../../ui/panel.js";
import styles from "./download-panel.module.css";

const HEIGHT = 80;

/** Where the result is. */
export function DownloadPanel({ job }: { readonly job: Job }) {
  const { client, source } = useApi();
  const done = job.state === "succeeded";
  const query = useQuery({ ...artifactsQuery(client, job.id), enabled: done });
  return (
    <Panel title="The model">
      {done ? (
        <Loaded query={query} height={HEIGHT}>
          {({ exports }) => (
            <>
              <ul className={styles.exports}>
                {exports.map(({ name, size_bytes }) => (
                  <li key={name}>
                    <span className={styles.name}>{name}</span>
                    <span>{size_bytes === null ? "" : formatBytes(size_bytes)}</span>
                  </li>
                ))}
              </ul>
              <Link to="/jobs/$id/artefacts" params={{ id: job.id }} className={buttonLink("primary")}>
                {source === "report" ? "Files" : "Download"}
              </Link>
            </>
          )}
        </Loaded>
      ) : (
        <p className={styles.later}>
          {job.state === "failed" || job.state === "cancelled"
            ? "No model was written."
            : "Ready to download here once the search is over. Finish now ends it with the best plan so far."}
        </p>
      )}
    </Panel>
  );
}
