-- What the end of a job finds besides its figures: differences to every model with their intervals, what models write, and
-- how the files of each export were read back. Jobs of before have none.
ALTER TABLE "jobs" ADD COLUMN "differences" JSONB NOT NULL DEFAULT '[]', ADD COLUMN "text_samples" JSONB;
ALTER TABLE "exports" ADD COLUMN "checks" JSONB;
