import { formatCount, formatPercent, formatPerplexity } from "@espalier/contracts";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useApi } from "../../../api/api-context.js";
import { useExport } from "../../../api/use-export.js";
import { Button } from "../../../ui/button.js";
import field from "../../../ui/field.module.css";
import { describe } from "../../../ui/loaded.js";
import { Panel } from "../../../ui/panel.js";
import { type Profile, profileNotes, profiles } from "../artefacts/export-profiles.js";
import { useJob } from "../job-context.js";
import { specOf } from "../spec-of.js";
import type { Front, Plan } from "./front-chart.js";
import styles from "./plan-panel.module.css";

interface PlanPanelProps {
  readonly plan: Plan;
  readonly front: Front;
}

/** One plan of the front, and its export. */
export function PlanPanel({ plan, front: { dense } }: PlanPanelProps) {
  const { job } = useJob();
  const { source } = useApi();
  const { trial_number, sparsity, parameters, scoring_perplexity } = plan;
  return (
    <Panel title={`Trial ${trial_number} at ${formatPercent(sparsity)}`}>
      <div className={styles.plan}>
        <p className={styles.number}>{formatPerplexity(scoring_perplexity)}</p>
        <p>
          {formatCount(parameters)} parameters
          {dense !== null && `, ${formatPercent(1 - parameters / dense.parameters)} fewer than the dense model`}.
        </p>
        <p className={styles.links}>
          <Link to="/jobs/$id/trials/$number" params={{ id: job.id, number: String(trial_number) }}>
            Trial
          </Link>
          <Link to="/jobs/$id/layers" params={{ id: job.id }} search={{ a: trial_number, sparsity }}>
            Its layers
          </Link>
        </p>
        {source === "service" &&
          (job.state === "succeeded" ? (
            <ExportPlan plan={plan} />
          ) : (
            <p className={styles.quiet}>Plans can be exported once the job has succeeded.</p>
          ))}
      </div>
    </Panel>
  );
}

function ExportPlan({ plan: { trial_number: trial, sparsity } }: { readonly plan: Plan }) {
  const { job } = useJob();
  const [profile, setProfile] = useState<Profile>("native");
  const { mutate, isPending, error, data } = useExport(job.id);
  const { isUniform } = specOf(job);
  return (
    <>
      <label className={field.field}>
        Form
        <select value={profile} onChange={({ target }) => setProfile(target.value as Profile)}>
          {profiles
            .filter((known) => known !== "uniform" || isUniform)
            .map((known) => (
              <option key={known}>{known}</option>
            ))}
        </select>
        <span className={field.hint}>{profileNotes[profile]}</span>
      </label>
      <Button look="primary" disabled={isPending} onClick={() => mutate({ profile, trial, sparsity })}>
        {isPending ? "Asking…" : "Export this plan"}
      </Button>
      <p role="status">
        {data !== undefined && (
          <>
            {data.export.name} {data.export.state === "ready" ? "is there" : "is being written"}:{" "}
            <Link to="/jobs/$id/artefacts" params={{ id: job.id }}>
              Artefacts
            </Link>
          </>
        )}
      </p>
      {error !== null && (
        <p role="alert" className={field.error}>
          ✕ {describe(error)}
        </p>
      )}
    </>
  );
}
