-- By hand: jobs of one model of a hub. Jobs of other models are not in it.
CREATE INDEX "jobs_hub_created_at_id_idx" ON "jobs"(("spec"->'model'->>'hub'), "created_at", "id") WHERE ("spec"->'model'->>'hub') IS NOT NULL;
