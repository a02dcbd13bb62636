-- Jobs that ran out of memory go on with half as many windows a run, and every trial says how its last attempt ran.
ALTER TABLE "jobs" ADD COLUMN "half_batch" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "trials" ADD COLUMN "half_batch" BOOLEAN NOT NULL DEFAULT false;

-- From here on by hand: a full disk pauses a profile, too.
ALTER TABLE "jobs" DROP CONSTRAINT "jobs_paused_from_check";
ALTER TABLE "jobs"
  ADD CONSTRAINT "jobs_paused_from_check" CHECK ("paused_from" IN ('profiling', 'searching', 'exporting'));
