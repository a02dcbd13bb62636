import type { Export, Job, Trial, WebhookDelivery } from "@espalier/client";
import styles from "./state-badge.module.css";

type State =
  | Job["state"]
  | Trial["state"]
  | WebhookDelivery["state"]
  | Export["state"]
  | ("ok" | "unavailable" | "stale")
  | ("enabled" | "failing" | "disabled" | "revoked" | "expired");

interface Look {
  readonly tone: "running" | "good" | "warn" | "bad" | "idle";
  /** Said beside the colour, for eyes that see none. */
  readonly sign: string;
}

const looks: Record<State, Look> = {
  queued: { tone: "idle", sign: "○" },
  waiting: { tone: "idle", sign: "○" },
  pending: { tone: "idle", sign: "○" },
  profiling: { tone: "running", sign: "◐" },
  searching: { tone: "running", sign: "◐" },
  exporting: { tone: "running", sign: "◐" },
  running: { tone: "running", sign: "◐" },
  paused: { tone: "warn", sign: "‖" },
  succeeded: { tone: "good", sign: "✓" },
  completed: { tone: "good", sign: "✓" },
  ready: { tone: "good", sign: "✓" },
  delivered: { tone: "good", sign: "✓" },
  ok: { tone: "good", sign: "✓" },
  pruned: { tone: "idle", sign: "✂" },
  infeasible: { tone: "warn", sign: "∞" },
  stale: { tone: "warn", sign: "…" },
  failed: { tone: "bad", sign: "✕" },
  unavailable: { tone: "bad", sign: "✕" },
  cancelled: { tone: "idle", sign: "–" },
  exhausted: { tone: "bad", sign: "✕" },
  enabled: { tone: "good", sign: "✓" },
  failing: { tone: "warn", sign: "!" },
  disabled: { tone: "idle", sign: "–" },
  revoked: { tone: "idle", sign: "–" },
  expired: { tone: "idle", sign: "–" },
};

/** State of a job, trial or the like: colour, sign and word. */
export function StateBadge({ state }: { readonly state: State }) {
  const { tone, sign } = looks[state];
  return (
    <span className={`${styles.badge} ${styles[tone]}`}>
      <span aria-hidden="true">{sign}</span>
      {state}
    </span>
  );
}
