-- Jobs that are deleted: hidden at once, removed step by step; and which statistics a job read, so that those nobody
-- else needs can go with it.
ALTER TABLE "jobs" ADD COLUMN "statistics_key" TEXT,
ADD COLUMN "deleted_at" TIMESTAMPTZ(3),
ADD COLUMN "emptied_at" TIMESTAMPTZ(3);

CREATE INDEX "jobs_statistics_key_idx" ON "jobs"("statistics_key");

-- Messages to registered endpoints outlive the job: the event has happened. Those to the job's own receivers go with them.
ALTER TABLE "deliveries" DROP CONSTRAINT "deliveries_job_id_fkey";
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "jobs"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- From here on by hand: what the schema language cannot say.

ALTER TABLE "jobs"
  ADD CONSTRAINT "jobs_deleted_check" CHECK ("deleted_at" IS NULL OR "state" IN ('succeeded', 'failed', 'cancelled')),
  ADD CONSTRAINT "jobs_emptied_check" CHECK ("emptied_at" IS NULL OR "deleted_at" IS NOT NULL);

CREATE INDEX "jobs_deleted_idx" ON "jobs"("deleted_at") WHERE "deleted_at" IS NOT NULL;
