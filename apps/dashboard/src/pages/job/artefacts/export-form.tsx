import { formatPercent } from "@espalier/contracts";
import { getRouteApi } from "@tanstack/react-router";
import { type FormEvent, useId } from "react";
import { useExport } from "../../../api/use-export.js";
import { Button } from "../../../ui/button.js";
import { describe } from "../../../ui/loaded.js";
import { Panel } from "../../../ui/panel.js";
import { useJob } from "../job-context.js";
import styles from "./artefacts-page.module.css";
import type { ArtefactsSearch } from "./artefacts-search.js";
import { profileNotes, profiles } from "./export-profiles.js";

const route = getRouteApi("/jobs/$id/artefacts");

interface ExportFormProps {
  readonly sparsities: readonly number[];
  /** Whether layers have equal widths, as the form `uniform` needs. */
  readonly isUniform: boolean;
}

/** Asks for another model of the search: any completed trial, in any form. What is chosen stands in the URL. */
export function ExportForm({ sparsities, isUniform }: ExportFormProps) {
  const { job } = useJob();
  const { trial, sparsity, profile = "gguf" } = route.useSearch();
  const navigate = route.useNavigate();
  const [sparsityId, trialId, profileId] = [useId(), useId(), useId()];
  const { mutate, isPending, error, data } = useExport(job.id);
  const chosen = sparsities.find((known) => known === sparsity) ?? sparsities[0];
  const choose = (change: Partial<Record<keyof ArtefactsSearch, unknown>>) =>
    void navigate({
      search: (before) => ({ ...before, ...change }) as ArtefactsSearch,
      replace: true,
      resetScroll: false,
    });
  const ask = (event: FormEvent) => {
    event.preventDefault();
    mutate({
      profile,
      ...(chosen === undefined ? {} : { sparsity: chosen }),
      ...(trial === undefined ? {} : { trial }),
    });
  };
  return (
    <Panel
      title="Another export"
      hint="The search is kept: any completed trial can be written in any form. Asking twice for the same one makes it once."
    >
      <form className={styles.form} onSubmit={ask}>
        <label htmlFor={profileId}>Form</label>
        <select
          id={profileId}
          value={profile}
          aria-describedby={`${profileId}-note`}
          onChange={({ target }) => choose({ profile: target.value })}
        >
          {profiles
            .filter((known) => known !== "uniform" || isUniform)
            .map((known) => (
              <option key={known}>{known}</option>
            ))}
        </select>
        <p id={`${profileId}-note`} className={styles.note}>
          {profileNotes[profile]}
        </p>
        <label htmlFor={sparsityId}>Removed</label>
        <select id={sparsityId} value={chosen} onChange={({ target }) => choose({ sparsity: Number(target.value) })}>
          {sparsities.map((known) => (
            <option key={known} value={known}>
              {formatPercent(known)}
            </option>
          ))}
        </select>
        <label htmlFor={trialId}>Trial</label>
        <input
          id={trialId}
          type="number"
          inputMode="numeric"
          min={0}
          step={1}
          placeholder="the best one"
          value={trial ?? ""}
          onChange={({ target }) => choose({ trial: target.value === "" ? undefined : target.valueAsNumber })}
        />
        <Button type="submit" look="primary" disabled={isPending}>
          {isPending ? "Asking…" : "Export"}
        </Button>
      </form>
      <p role="status" className={styles.note}>
        {data?.export.state === "pending" && `${data.export.name} is being written.`}
        {data?.export.state === "ready" && `${data.export.name} is there already.`}
      </p>
      {error !== null && (
        <p role="alert" className={styles.failure}>
          {describe(error)}
        </p>
      )}
    </Panel>
  );
}
