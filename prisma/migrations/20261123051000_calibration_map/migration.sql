-- The calibration samples as a picture, and what trials weigh them by. Jobs of before have none.
ALTER TABLE "jobs" ADD COLUMN "calibration" JSONB;
