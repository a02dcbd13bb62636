-- Models of an artefact as rows of their own: those of the first export, and those that are asked for once a job has
-- succeeded, which one worker holds while it writes them.
CREATE TABLE "exports" (
    "job_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "trial_number" INTEGER NOT NULL,
    "sparsity" DOUBLE PRECISION NOT NULL,
    "profile" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'pending',
    "epoch" INTEGER NOT NULL DEFAULT 0,
    "owner" TEXT,
    "lease_until" TIMESTAMPTZ(3),
    "failures" INTEGER NOT NULL DEFAULT 0,
    "model" JSONB,
    "error_code" TEXT,
    "error_detail" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "exports_pkey" PRIMARY KEY ("job_id","name")
);

CREATE UNIQUE INDEX "exports_job_id_trial_number_sparsity_profile_key" ON "exports"("job_id", "trial_number", "sparsity", "profile");

ALTER TABLE "exports" ADD CONSTRAINT "exports_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "jobs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Null for files whose model is not known.
ALTER TABLE "artifacts" ADD COLUMN "export_name" TEXT;
ALTER TABLE "artifacts" ADD CONSTRAINT "artifacts_job_id_export_name_fkey" FOREIGN KEY ("job_id", "export_name") REFERENCES "exports"("job_id", "name") ON DELETE CASCADE ON UPDATE CASCADE;

-- From here on by hand: what the schema language cannot say.

ALTER TABLE "exports"
  ADD CONSTRAINT "exports_state_check" CHECK ("state" IN ('pending', 'ready', 'failed')),
  ADD CONSTRAINT "exports_finished_check" CHECK (("state" = 'pending') = ("finished_at" IS NULL)),
  ADD CONSTRAINT "exports_lease_check" CHECK ("owner" IS NULL OR "state" = 'pending'),
  ADD CONSTRAINT "exports_error_check" CHECK (("state" = 'failed') = ("error_code" IS NOT NULL));

CREATE INDEX "exports_pending_idx" ON "exports"("created_at") WHERE "state" = 'pending';

-- The models of jobs that succeeded before this migration.
INSERT INTO "exports" ("job_id", "name", "trial_number", "sparsity", "profile", "state", "model", "created_at", "finished_at")
SELECT j."id",
  CASE WHEN jsonb_array_length(j."best") = 1 THEN p.value ELSE 'sparsity-' || (m.value->>'sparsity') || '/' || p.value END,
  (m.value->>'trial_number')::int, (m.value->>'sparsity')::float8, p.value, 'ready', m.value, j."finished_at", j."finished_at"
FROM "jobs" AS j, jsonb_array_elements(j."best") AS m, jsonb_array_elements_text(j."spec"->'export'->'profiles') AS p
WHERE j."state" = 'succeeded' AND j."deleted_at" IS NULL;

UPDATE "artifacts" AS a SET "export_name" = e."name" FROM "exports" AS e
WHERE e."job_id" = a."job_id" AND starts_with(a."name", e."name" || '/');
