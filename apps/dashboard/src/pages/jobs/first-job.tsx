import { Link } from "@tanstack/react-router";
import { buttonLink } from "../../ui/button.js";
import { Panel } from "../../ui/panel.js";
import styles from "./first-job.module.css";

const command = `curl -s ${location.origin}/v1/jobs -H 'content-type: application/json' -d '{
  "model": { "path": "stories260K" },
  "calibration": { "corpus": "tinystories-train.txt" },
  "target": { "sparsity": 0.2 }
}'`;

/** Stands where the jobs will be: what this is, and how to begin. */
export const FirstJob = () => (
  <Panel title="No jobs yet">
    <div className={styles.welcome}>
      <p>
        Name a model, a text and how much should go. Espalier profiles the model once, tries many ways to prune it, and
        writes the best one it found, measured on text that the search never saw.
      </p>
      <p>
        <Link to="/jobs/new" className={buttonLink("primary")}>
          Submit your first job
        </Link>
      </p>
      <p className={styles.or}>or from a terminal:</p>
      <pre className={styles.command}>{command}</pre>
    </div>
  </Panel>
);
