-- CreateTable
CREATE TABLE "jobs" (
    "id" TEXT NOT NULL,
    "name" TEXT,
    "state" TEXT NOT NULL DEFAULT 'queued',
    "spec" JSONB NOT NULL,
    "labels" JSONB NOT NULL DEFAULT '{}',
    "trial_budget" INTEGER NOT NULL,
    "parallelism" INTEGER NOT NULL,
    "stage_epoch" INTEGER NOT NULL DEFAULT 0,
    "stage_failures" INTEGER NOT NULL DEFAULT 0,
    "stage_owner" TEXT,
    "stage_lease_until" TIMESTAMPTZ(3),
    "plan" JSONB,
    "dense" JSONB,
    "baselines" JSONB NOT NULL DEFAULT '[]',
    "profile_seconds" DOUBLE PRECISION,
    "best" JSONB NOT NULL DEFAULT '[]',
    "improvement" JSONB NOT NULL DEFAULT '[]',
    "trials_inserted" INTEGER NOT NULL DEFAULT 0,
    "trials_completed" INTEGER NOT NULL DEFAULT 0,
    "trials_pruned" INTEGER NOT NULL DEFAULT 0,
    "trials_failed" INTEGER NOT NULL DEFAULT 0,
    "trials_infeasible" INTEGER NOT NULL DEFAULT 0,
    "trials_timed" INTEGER NOT NULL DEFAULT 0,
    "trial_seconds" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "best_score" DOUBLE PRECISION,
    "event_sequence" INTEGER NOT NULL DEFAULT 0,
    "progress_stage" TEXT,
    "progress_done" INTEGER NOT NULL DEFAULT 0,
    "progress_of" INTEGER NOT NULL DEFAULT 0,
    "progress_unit" TEXT,
    "progress_at" TIMESTAMPTZ(3),
    "progress_first_done" INTEGER NOT NULL DEFAULT 0,
    "progress_first_at" TIMESTAMPTZ(3),
    "progress_event_at" TIMESTAMPTZ(3),
    "error_code" TEXT,
    "error_detail" TEXT,
    "error_stage" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "search_started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "jobs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "trials" (
    "job_id" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'waiting',
    "epoch" INTEGER NOT NULL DEFAULT 0,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "owner" TEXT,
    "lease_until" TIMESTAMPTZ(3),
    "origin" TEXT,
    "params" JSONB,
    "score" DOUBLE PRECISION,
    "results" JSONB NOT NULL DEFAULT '[]',
    "reason" TEXT,
    "duration_seconds" DOUBLE PRECISION,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "trials_pkey" PRIMARY KEY ("job_id","number")
);

-- CreateTable
CREATE TABLE "best_results" (
    "job_id" TEXT NOT NULL,
    "sparsity" DOUBLE PRECISION NOT NULL,
    "trial_number" INTEGER NOT NULL,
    "perplexity" DOUBLE PRECISION NOT NULL,
    "result" JSONB NOT NULL,

    CONSTRAINT "best_results_pkey" PRIMARY KEY ("job_id","sparsity")
);

-- CreateTable
CREATE TABLE "superseded_results" (
    "id" BIGSERIAL NOT NULL,
    "job_id" TEXT NOT NULL,
    "trial_number" INTEGER NOT NULL,
    "epoch" INTEGER NOT NULL,
    "outcome" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "superseded_results_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "events" (
    "job_id" TEXT NOT NULL,
    "sequence" INTEGER NOT NULL,
    "type" TEXT NOT NULL,
    "data" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "events_pkey" PRIMARY KEY ("job_id","sequence")
);

-- CreateTable
CREATE TABLE "artifacts" (
    "job_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "size_bytes" BIGINT NOT NULL,
    "sha256" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "artifacts_pkey" PRIMARY KEY ("job_id","name")
);

-- CreateTable
CREATE TABLE "idempotency_keys" (
    "key" TEXT NOT NULL,
    "body_hash" TEXT NOT NULL,
    "job_id" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "job_webhooks" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "job_id" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "events" TEXT[],
    "secret" BYTEA NOT NULL,
    "enabled" BOOLEAN NOT NULL DEFAULT true,

    CONSTRAINT "job_webhooks_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "webhook_endpoints" (
    "id" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "events" TEXT[],
    "secret" BYTEA NOT NULL,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "failing_since" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "webhook_endpoints_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "deliveries" (
    "id" TEXT NOT NULL,
    "job_id" TEXT,
    "job_webhook_id" UUID,
    "endpoint_id" TEXT,
    "event_type" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'pending',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3),
    "lease_until" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "deliveries_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "delivery_attempts" (
    "delivery_id" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "status" INTEGER,
    "error" TEXT,
    "duration_seconds" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "delivery_attempts_pkey" PRIMARY KEY ("delivery_id","number")
);

-- CreateIndex
CREATE INDEX "jobs_created_at_id_idx" ON "jobs"("created_at", "id");

-- CreateIndex
CREATE INDEX "jobs_state_created_at_id_idx" ON "jobs"("state", "created_at", "id");

-- CreateIndex
CREATE INDEX "jobs_labels_idx" ON "jobs" USING GIN ("labels" jsonb_path_ops);

-- CreateIndex
CREATE INDEX "trials_job_id_score_number_idx" ON "trials"("job_id", "score", "number");

-- CreateIndex
CREATE INDEX "trials_job_id_state_score_number_idx" ON "trials"("job_id", "state", "score", "number");

-- CreateIndex
CREATE INDEX "trials_job_id_duration_seconds_number_idx" ON "trials"("job_id", "duration_seconds", "number");

-- CreateIndex
CREATE INDEX "best_results_job_id_trial_number_idx" ON "best_results"("job_id", "trial_number");

-- CreateIndex
CREATE INDEX "superseded_results_job_id_trial_number_idx" ON "superseded_results"("job_id", "trial_number");

-- CreateIndex
CREATE INDEX "idempotency_keys_job_id_idx" ON "idempotency_keys"("job_id");

-- CreateIndex
CREATE INDEX "idempotency_keys_expires_at_idx" ON "idempotency_keys"("expires_at");

-- CreateIndex
CREATE INDEX "job_webhooks_job_id_idx" ON "job_webhooks"("job_id");

-- CreateIndex
CREATE INDEX "deliveries_job_id_idx" ON "deliveries"("job_id");

-- CreateIndex
CREATE INDEX "deliveries_job_webhook_id_idx" ON "deliveries"("job_webhook_id");

-- CreateIndex
CREATE INDEX "deliveries_endpoint_id_id_idx" ON "deliveries"("endpoint_id", "id");

-- AddForeignKey
ALTER TABLE "trials" ADD CONSTRAINT "trials_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "jobs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "best_results" ADD CONSTRAINT "best_results_job_id_trial_number_fkey" FOREIGN KEY ("job_id", "trial_number") REFERENCES "trials"("job_id", "number") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "superseded_results" ADD CONSTRAINT "superseded_results_job_id_trial_number_fkey" FOREIGN KEY ("job_id", "trial_number") REFERENCES "trials"("job_id", "number") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "events" ADD CONSTRAINT "events_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "jobs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "artifacts" ADD CONSTRAINT "artifacts_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "jobs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "idempotency_keys" ADD CONSTRAINT "idempotency_keys_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "jobs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "job_webhooks" ADD CONSTRAINT "job_webhooks_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "jobs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "jobs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_job_webhook_id_fkey" FOREIGN KEY ("job_webhook_id") REFERENCES "job_webhooks"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_endpoint_id_fkey" FOREIGN KEY ("endpoint_id") REFERENCES "webhook_endpoints"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "delivery_attempts" ADD CONSTRAINT "delivery_attempts_delivery_id_fkey" FOREIGN KEY ("delivery_id") REFERENCES "deliveries"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- From here on by hand: what the schema language cannot say.

-- The key is inserted before its job, so that equal requests wait for each other on the key alone.
ALTER TABLE "idempotency_keys" ALTER CONSTRAINT "idempotency_keys_job_id_fkey" DEFERRABLE INITIALLY DEFERRED;

-- Work that may be due, a small part of each table.
CREATE INDEX "jobs_due_idx" ON "jobs"("created_at") WHERE "state" IN ('queued', 'profiling', 'exporting');
CREATE INDEX "jobs_searching_idx" ON "jobs"("created_at") WHERE "state" = 'searching';
CREATE INDEX "trials_open_idx" ON "trials"("job_id", "number") WHERE "state" IN ('waiting', 'running');
CREATE INDEX "deliveries_due_idx" ON "deliveries"("next_attempt_at") WHERE "state" = 'pending';

ALTER TABLE "jobs"
  ADD CONSTRAINT "jobs_state_check" CHECK ("state" IN ('queued', 'profiling', 'searching', 'paused', 'exporting', 'succeeded', 'failed', 'cancelled')),
  ADD CONSTRAINT "jobs_budget_check" CHECK ("trials_inserted" <= "trial_budget" AND "trial_budget" >= 1 AND "parallelism" >= 1),
  ADD CONSTRAINT "jobs_settled_check" CHECK ("trials_completed" + "trials_pruned" + "trials_failed" + "trials_infeasible" <= "trials_inserted"),
  ADD CONSTRAINT "jobs_finished_check" CHECK (("finished_at" IS NOT NULL) = ("state" IN ('succeeded', 'failed', 'cancelled'))),
  ADD CONSTRAINT "jobs_error_check" CHECK (("error_code" IS NOT NULL) = ("state" = 'failed'));

-- Postgres sorts NaN above infinity: one comparison keeps both out.
ALTER TABLE "trials"
  ADD CONSTRAINT "trials_state_check" CHECK ("state" IN ('waiting', 'running', 'completed', 'pruned', 'failed', 'infeasible', 'cancelled')),
  ADD CONSTRAINT "trials_origin_check" CHECK ("origin" IN ('start', 'sampler')),
  ADD CONSTRAINT "trials_number_check" CHECK ("number" >= 0),
  ADD CONSTRAINT "trials_score_check" CHECK ("score" > '-Infinity' AND "score" < 'Infinity'),
  ADD CONSTRAINT "trials_completed_check" CHECK ("state" <> 'completed' OR "score" IS NOT NULL),
  ADD CONSTRAINT "trials_duration_check" CHECK ("duration_seconds" >= 0 AND "duration_seconds" < 'Infinity');

ALTER TABLE "best_results"
  ADD CONSTRAINT "best_results_perplexity_check" CHECK ("perplexity" > 0 AND "perplexity" < 'Infinity');

ALTER TABLE "artifacts"
  ADD CONSTRAINT "artifacts_size_check" CHECK ("size_bytes" >= 0),
  ADD CONSTRAINT "artifacts_sha256_check" CHECK ("sha256" ~ '^[0-9a-f]{64}$');

ALTER TABLE "deliveries"
  ADD CONSTRAINT "deliveries_state_check" CHECK ("state" IN ('pending', 'delivered', 'exhausted')),
  ADD CONSTRAINT "deliveries_receiver_check" CHECK (("job_webhook_id" IS NULL) <> ("endpoint_id" IS NULL)),
  ADD CONSTRAINT "deliveries_next_check" CHECK (("next_attempt_at" IS NOT NULL) = ("state" = 'pending'));
