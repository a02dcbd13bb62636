import type { QueueName } from "@espalier/contracts";
import type { TrialOutcome } from "@espalier/pipeline";
import { Counter, collectDefaultMetrics, Histogram, Registry } from "prom-client";

type WebhookOutcome = "delivered" | "failed" | "gone";
type Leased = Extract<QueueName, "profile" | "trial" | "export">;

/** Counters of a worker process; label values come from fixed lists only. */
export interface WorkerMetrics {
  trialSettled(state: TrialOutcome["state"]): void;
  resultSuperseded(): void;
  /** Work whose holder went silent was taken over. */
  leaseTakenOver(kind: Leased): void;
  /** Computing of a trial or a stage has ended, well or not. */
  computed(kind: Leased, seconds: number): void;
  /** `delaySeconds`: from when the attempt was due to when it began. */
  webhookAttempted(outcome: WebhookOutcome, seconds: number, delaySeconds: number): void;
  readonly contentType: string;
  /** All metrics in Prometheus' text format. */
  text(): Promise<string>;
}

const COMPUTE_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600];
const WEBHOOK_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 60, 600];

const trialStates = ["completed", "pruned", "infeasible", "failed"] as const satisfies TrialOutcome["state"][];
const leasedKinds = ["profile", "trial", "export"] as const satisfies Leased[];
const webhookOutcomes = ["delivered", "failed", "gone"] as const satisfies WebhookOutcome[];

/** Metrics of a worker process. Counters start at 0 for every label, so that rates have a beginning. */
export function makeWorkerMetrics(): WorkerMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const counter = <L extends string>(name: string, help: string, label: L, values: readonly string[]) => {
    const made = new Counter<string>({ name, help, labelNames: [label], registers });
    for (const value of values) made.inc({ [label]: value }, 0);
    return made;
  };
  const settled = counter("espalier_trials_settled_total", "Trials settled, by state", "state", trialStates);
  const takenOver = counter(
    "espalier_lease_takeovers_total",
    "Work taken over from a silent worker",
    "kind",
    leasedKinds,
  );
  const attempts = counter(
    "espalier_webhook_attempts_total",
    "Webhook attempts, by outcome",
    "outcome",
    webhookOutcomes,
  );
  const superseded = new Counter({
    name: "espalier_superseded_results_total",
    help: "Results that came after their lease had gone to somebody else",
    registers,
  });
  const computed = new Histogram({
    name: "espalier_compute_duration_seconds",
    help: "Time in compute processes, by kind of work",
    labelNames: ["kind"] as const,
    buckets: COMPUTE_BUCKETS,
    registers,
  });
  const webhooks = { labelNames: [], buckets: WEBHOOK_BUCKETS, registers };
  const duration = new Histogram({
    ...webhooks,
    name: "espalier_webhook_duration_seconds",
    help: "Time of a webhook attempt",
  });
  const delay = new Histogram({
    ...webhooks,
    name: "espalier_webhook_delay_seconds",
    help: "Time from when a webhook attempt was due to its begin",
  });
  return {
    trialSettled: (state) => settled.inc({ state }),
    resultSuperseded: () => superseded.inc(),
    leaseTakenOver: (kind) => takenOver.inc({ kind }),
    computed: (kind, seconds) => computed.observe({ kind }, seconds),
    webhookAttempted: (outcome, seconds, delaySeconds) => {
      attempts.inc({ outcome });
      duration.observe(seconds);
      delay.observe(delaySeconds);
    },
    contentType: registry.contentType,
    text: () => registry.metrics(),
  };
}
