-- Changes of the front since its last event, and when that was: changes that come fast are told together.
ALTER TABLE "jobs"
  ADD COLUMN "front_changes" INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN "front_event_at" TIMESTAMPTZ(3);
