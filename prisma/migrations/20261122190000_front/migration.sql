-- The Pareto front of every job, kept as results arrive: reading it never scans the trials.
CREATE TABLE "front_results" (
    "job_id" TEXT NOT NULL,
    "trial_number" INTEGER NOT NULL,
    "sparsity" DOUBLE PRECISION NOT NULL,
    "achieved_sparsity" DOUBLE PRECISION NOT NULL,
    "parameters" DOUBLE PRECISION NOT NULL,
    "perplexity" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "front_results_pkey" PRIMARY KEY ("job_id","trial_number","sparsity")
);

ALTER TABLE "front_results" ADD CONSTRAINT "front_results_job_id_trial_number_fkey" FOREIGN KEY ("job_id", "trial_number") REFERENCES "trials"("job_id", "number") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "front_results"
  ADD CONSTRAINT "front_results_perplexity_check" CHECK ("perplexity" > 0 AND "perplexity" < 'Infinity');

-- Jobs that were searched before.
INSERT INTO "front_results"
WITH results AS (
  SELECT t.job_id, t.number, (r->>'sparsity')::float8 AS sparsity, (r->>'achieved_sparsity')::float8 AS achieved_sparsity,
    (r->>'parameters')::float8 AS parameters, (r->>'scoring_perplexity')::float8 AS perplexity
  FROM trials AS t CROSS JOIN LATERAL jsonb_array_elements(t.results) AS r
  WHERE t.state = 'completed' AND jsonb_typeof(r->'scoring_perplexity') = 'number'
), running AS (
  SELECT *, min(perplexity) OVER (
    PARTITION BY job_id ORDER BY parameters, perplexity, number, sparsity
    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
  ) AS best_before
  FROM results
)
SELECT job_id, number, sparsity, achieved_sparsity, parameters, perplexity FROM running
WHERE best_before IS NULL OR perplexity < best_before;
