import { formatBytes, formatCount, formatPercent, formatPerplexity } from "@espalier/contracts";
import { Link, useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Message } from "../../../ui/message.js";
import { Panel } from "../../../ui/panel.js";
import { StateBadge } from "../../../ui/state-badge.js";
import { useJob } from "../job-context.js";
import styles from "./artefacts-page.module.css";
import { CardPreview } from "./card-preview.js";
import { checkSentences } from "./check-sentences.js";
import { profileNotes } from "./export-profiles.js";
import { type ExportFile, type ExportWithFiles, shareSaved } from "./exports-with-files.js";
import { Files } from "./file-table.js";
import { TryAgain } from "./try-again.js";

/** The dense model, as far as it is known. */
export interface DenseSize {
  readonly parameters: number | undefined;
  readonly size_bytes: number | null | undefined;
}

interface ExportPanelProps extends ExportWithFiles {
  readonly dense: DenseSize;
  /** Its model card is open. */
  readonly isCardOpen: boolean;
}

/** One model of the artefact: what it is, its files, its card. */
export function ExportPanel({ made, files, card, dense, isCardOpen }: ExportPanelProps) {
  const { state, profile, sparsity, trial_number: number, error } = made;
  return (
    <Panel
      title={`${profile}, ${formatPercent(sparsity)} removed, trial ${number}`}
      hint={profileNotes[profile]}
      actions={<StateBadge state={state} />}
    >
      {state === "pending" && (
        <p className={styles.note} role="status">
          Being sliced, written and compared with the figures of the search. This page shows it when it is there.
        </p>
      )}
      {error !== null && (
        <Message title="This export failed" tone="error" actions={<TryAgain made={made} />}>
          {error.detail}
        </Message>
      )}
      {state === "ready" && (
        <>
          <Facts made={made} dense={dense} />
          {made.checks !== undefined && <Checks checks={made.checks} />}
          <Files name={made.name} files={files} />
          {card !== undefined && <Card name={made.name} card={card} isOpen={isCardOpen} />}
        </>
      )}
    </Panel>
  );
}

function Facts({ made, dense }: Pick<ExportPanelProps, "made" | "dense">) {
  const { job } = useJob();
  const { model, size_bytes, trial_number: number } = made;
  const shown = model?.recovery ?? model;
  return (
    <dl className={styles.facts}>
      <Fact name="Perplexity" note={model?.recovery === undefined ? "on the report text" : "recovered, report text"}>
        {formatPerplexity(shown?.report_perplexity ?? null)}
      </Fact>
      <Fact name="Parameters" note={smaller(shareSaved(model?.parameters, dense.parameters))}>
        {model === null ? "–" : formatCount(model.parameters)}
      </Fact>
      <Fact name="All files" note={smaller(shareSaved(size_bytes, dense.size_bytes))}>
        {formatBytes(size_bytes)}
      </Fact>
      <Fact name="Found by">
        <Link to="/jobs/$id/trials/$number" params={{ id: job.id, number: String(number) }}>
          trial {number}
        </Link>
      </Fact>
    </dl>
  );
}

/** How the files were read back before anybody could see them. */
const Checks = ({ checks }: { readonly checks: NonNullable<ExportWithFiles["made"]["checks"]> }) => (
  <ul className={styles.checks}>
    {checkSentences(checks).map(({ ok, sentence }) => (
      <li key={sentence}>
        <span aria-hidden="true" className={ok ? styles.passed : undefined}>
          {ok ? "✓" : "–"}
        </span>
        {sentence}
      </li>
    ))}
  </ul>
);

const smaller = (share: number | undefined): string | undefined =>
  share === undefined
    ? undefined
    : `${formatPercent(Math.abs(share))} ${share < 0 ? "more" : "less"} than the dense model`;

interface FactProps {
  readonly name: string;
  readonly note?: string | undefined;
  readonly children: ReactNode;
}

const Fact = ({ name, note, children }: FactProps) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
    {note !== undefined && <dd className={styles.note}>{note}</dd>}
  </div>
);

interface CardProps {
  readonly name: string;
  readonly card: ExportFile;
  readonly isOpen: boolean;
}

function Card({ name, card, isOpen }: CardProps) {
  const navigate = useNavigate({ from: "/jobs/$id/artefacts" });
  const toggle = (open: boolean) => {
    if (open === isOpen) return;
    const search = ({ card: _, ...rest }: { readonly card?: string }) => (open ? { ...rest, card: name } : rest);
    void navigate({ search, replace: true, resetScroll: false });
  };
  return (
    <details className={styles.card} open={isOpen} onToggle={({ currentTarget }) => toggle(currentTarget.open)}>
      <summary>Model card</summary>
      {isOpen && <CardPreview file={card} />}
    </details>
  );
}
