-- Jobs that pause: where they go on, why they stopped, and how long their search has stood still.
ALTER TABLE "jobs" ADD COLUMN "paused_from" TEXT,
ADD COLUMN "paused_at" TIMESTAMPTZ(3),
ADD COLUMN "pause_code" TEXT,
ADD COLUMN "pause_detail" TEXT,
ADD COLUMN "paused_seconds" DOUBLE PRECISION NOT NULL DEFAULT 0;

UPDATE "jobs" SET "paused_from" = 'searching', "paused_at" = "updated_at" WHERE "state" = 'paused';

-- From here on by hand: what the schema language cannot say.

ALTER TABLE "jobs"
  ADD CONSTRAINT "jobs_paused_from_check" CHECK ("paused_from" IN ('searching', 'exporting')),
  ADD CONSTRAINT "jobs_paused_check" CHECK (("paused_from" IS NOT NULL) = ("state" = 'paused') AND ("paused_at" IS NOT NULL) = ("state" = 'paused')),
  ADD CONSTRAINT "jobs_pause_reason_check" CHECK (("pause_code" IS NULL) = ("pause_detail" IS NULL) AND ("pause_code" IS NULL OR "state" = 'paused')),
  ADD CONSTRAINT "jobs_paused_seconds_check" CHECK ("paused_seconds" >= 0 AND "paused_seconds" < 'Infinity');
