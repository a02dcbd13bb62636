-- Whose turn it is: when work of each owner (an API key; '' without one) was begun last.
CREATE TABLE "work_turns" (
    "kind" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "served_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "work_turns_pkey" PRIMARY KEY ("kind","owner")
);

-- From here on by hand: what the schema language cannot say.

ALTER TABLE "work_turns" ADD CONSTRAINT "work_turns_kind_check" CHECK ("kind" IN ('profile', 'trial', 'export'));

-- Work that may be due, by owner: whose turn it is is found by stepping from owner to owner, however much each has queued.
CREATE INDEX "jobs_profile_turn_idx" ON "jobs"((COALESCE("api_key_id", '')), "created_at", "id") WHERE "state" IN ('queued', 'profiling');
CREATE INDEX "jobs_trial_turn_idx" ON "jobs"((COALESCE("api_key_id", '')), "created_at", "id") WHERE "state" = 'searching';
CREATE INDEX "jobs_export_turn_idx" ON "jobs"((COALESCE("api_key_id", '')), "created_at", "id") WHERE "state" = 'exporting';
