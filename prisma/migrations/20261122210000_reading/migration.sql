-- Trials that are better than all of lower number, kept as results arrive: reading a history never scans the trials.
CREATE TABLE "improving_trials" (
    "job_id" TEXT NOT NULL,
    "trial_number" INTEGER NOT NULL,
    "score" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "improving_trials_pkey" PRIMARY KEY ("job_id","trial_number")
);

ALTER TABLE "improving_trials" ADD CONSTRAINT "improving_trials_job_id_trial_number_fkey" FOREIGN KEY ("job_id", "trial_number") REFERENCES "trials"("job_id", "number") ON DELETE CASCADE ON UPDATE CASCADE;

-- By hand: trials that analyses may look at, found by number without reading past the others.
CREATE INDEX "trials_analysed_idx" ON "trials"("job_id", "number") WHERE "score" IS NOT NULL AND "origin" <> 'refinement';

-- By hand: jobs of one model.
CREATE INDEX "jobs_model_created_at_id_idx" ON "jobs"(("spec"->'model'->>'path'), "created_at", "id");

-- Jobs by the time they ended.
CREATE INDEX "jobs_finished_at_id_idx" ON "jobs"("finished_at", "id");

-- Jobs that were searched before.
INSERT INTO "improving_trials"
SELECT job_id, number, score FROM (
  SELECT job_id, number, score, min(score) OVER (
    PARTITION BY job_id ORDER BY number ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
  ) AS best_before
  FROM trials WHERE state = 'completed'
) AS running
WHERE best_before IS NULL OR score < best_before;
