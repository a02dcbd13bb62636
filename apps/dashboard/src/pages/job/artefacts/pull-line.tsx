import { useApi } from "../../../api/api-context.js";
import { CopyButton } from "../../../ui/copy-button.js";
import { useJob } from "../job-context.js";
import styles from "./artefacts-page.module.css";

/** The command that fetches everything and checks every hash. */
export function PullLine() {
  const { job } = useJob();
  const { source } = useApi();
  if (source === "report") return null;
  const line = `espalier pull ${job.id} models --url ${location.origin}`;
  return (
    <div className={styles.pull}>
      <code>{line}</code>
      <CopyButton text={line} what="the command that downloads everything" />
    </div>
  );
}
