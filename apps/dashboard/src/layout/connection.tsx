import { ProblemError } from "@espalier/client";
import { useQuery } from "@tanstack/react-query";
import { useApi } from "../api/api-context.js";
import { serviceQuery } from "../api/service-queries.js";
import styles from "./connection.module.css";

/** What `readyz` answers without Postgres, and only then. */
const UNAVAILABLE = 503;

/** Says when the service does not answer, or cannot work; nothing while all is well. */
export function Connection() {
  const { client } = useApi();
  const { data, error } = useQuery(serviceQuery(client));
  if (error instanceof ProblemError && error.status === UNAVAILABLE) {
    return <span className={styles.lost}>Unavailable: postgres</span>;
  }
  if (error !== null) return <span className={styles.lost}>Service unreachable</span>;
  const missing = Object.entries(data?.checks ?? {}).flatMap(([name, state]) => (state === "ok" ? [] : [name]));
  if (missing.length > 0) return <span className={styles.lost}>Unavailable: {missing.join(", ")}</span>;
  return null;
}
