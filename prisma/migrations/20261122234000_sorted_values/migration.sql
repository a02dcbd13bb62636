-- Parameters that the trials of a large job are sorted by, and the value of every settled trial: a page sorted by a
-- parameter is read along an index. Small jobs are sorted as they are read and have none of these rows.
CREATE TABLE "sorted_parameters" (
    "id" SERIAL NOT NULL,
    "job_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,

    CONSTRAINT "sorted_parameters_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "sorted_values" (
    "parameter_id" INTEGER NOT NULL,
    "number" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "value" JSONB,
    "score" DOUBLE PRECISION
);

CREATE UNIQUE INDEX "sorted_parameters_job_id_name_key" ON "sorted_parameters"("job_id", "name");

CREATE INDEX "sorted_values_parameter_id_state_value_number_score_idx" ON "sorted_values"("parameter_id", "state", "value", "number", "score");

ALTER TABLE "sorted_parameters" ADD CONSTRAINT "sorted_parameters_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "jobs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Trials of one state by duration.
CREATE INDEX "trials_job_id_state_duration_seconds_number_idx" ON "trials"("job_id", "state", "duration_seconds", "number");

-- Large jobs that were profiled before.
INSERT INTO "sorted_parameters" ("job_id", "name")
SELECT jobs.id, parameters.name FROM jobs CROSS JOIN LATERAL (
  SELECT parameter->>'name' AS name FROM jsonb_array_elements(plan->'space') AS parameter UNION ALL SELECT 'exchange'
) AS parameters
WHERE trial_budget > 5000 AND plan IS NOT NULL;

INSERT INTO "sorted_values" ("parameter_id", "number", "state", "value", "score")
SELECT p.id, t.number, t.state,
  CASE WHEN jsonb_typeof(t.params->p.name) = 'string' AND length(t.params->>p.name) > 100 THEN to_jsonb(left(t.params->>p.name, 100)) ELSE t.params->p.name END, t.score
FROM sorted_parameters AS p JOIN trials AS t ON t.job_id = p.job_id
WHERE t.state IN ('completed', 'pruned', 'failed', 'infeasible');
