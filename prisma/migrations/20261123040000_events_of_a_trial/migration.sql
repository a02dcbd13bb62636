-- What was told of one trial is found without reading all events of its job.
CREATE INDEX "events_trial" ON "events" ("job_id", ((data->>'number')::int), "sequence")
  WHERE type IN ('trial.settled', 'trial.superseded');
