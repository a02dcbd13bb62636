-- Racing: the trial that a proposal races against, and what a trial that was stopped early has seen.
ALTER TABLE "trials"
  ADD COLUMN "rival" INTEGER,
  ADD COLUMN "partial_score" DOUBLE PRECISION,
  ADD COLUMN "windows_seen" INTEGER,
  ADD COLUMN "scored_share" DOUBLE PRECISION;
ALTER TABLE "trials"
  ADD CONSTRAINT "trials_rival_check" CHECK ("rival" >= 0 AND "rival" <> "number"),
  ADD CONSTRAINT "trials_partial_score_check" CHECK ("partial_score" > '-Infinity' AND "partial_score" < 'Infinity'),
  ADD CONSTRAINT "trials_scored_share_check" CHECK ("scored_share" > 0 AND "scored_share" <= 1),
  ADD CONSTRAINT "trials_pruned_check" CHECK (("state" = 'pruned') = ("partial_score" IS NOT NULL)
    AND ("state" <> 'pruned' OR ("windows_seen" > 0 AND "scored_share" < 1 AND "rival" IS NOT NULL AND "score" IS NULL)));

-- Sum over the trials of the share of the scoring tokens that they did not have to read.
ALTER TABLE "jobs" ADD COLUMN "shares_saved" DOUBLE PRECISION NOT NULL DEFAULT 0;
