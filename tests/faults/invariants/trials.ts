import type { Observed } from "../harness/place.js";

const ACCEPTED = `('completed', 'pruned', 'failed', 'infeasible')`;

/** 2: a trial number has at most one accepted result, and it is told once. */
export async function oneResultPerTrial({ database }: Observed): Promise<readonly string[]> {
  const twice = await database.query<{ what: string }>(`
    SELECT format('%s #%s is told as settled %s times', job_id, data->>'number', count(*)) AS what FROM events
    WHERE type = 'trial.settled' GROUP BY job_id, data->>'number' HAVING count(*) > 1
    UNION ALL
    SELECT format('%s #%s is %s without being told so', t.job_id, t.number, t.state) FROM trials t
    WHERE t.state IN ${ACCEPTED} AND NOT EXISTS (SELECT 1 FROM events e WHERE e.job_id = t.job_id
      AND e.type = 'trial.settled' AND (e.data->>'number')::int = t.number AND e.data->>'state' = t.state)
    UNION ALL
    SELECT format('%s #%s: epoch %s is both accepted and superseded', t.job_id, t.number, t.epoch)
    FROM trials t JOIN superseded_results s ON s.job_id = t.job_id AND s.trial_number = t.number AND s.epoch = t.epoch
    WHERE t.state IN ${ACCEPTED}
    UNION ALL
    SELECT format('%s #%s is %s though its job is %s', t.job_id, t.number, t.state, j.state)
    FROM trials t JOIN jobs j ON j.id = t.job_id
    WHERE t.state IN ('waiting', 'running') AND j.state IN ('succeeded', 'failed', 'cancelled')`);
  return twice.map(({ what }) => what);
}

/** 3: accepted results never exceed the budget, and the job's counters count them. */
export async function withinBudget({ database }: Observed): Promise<readonly string[]> {
  const rows = await database.query<{ what: string }>(`
    SELECT format('%s: %s accepted of %s, counted as %s', id, accepted, budget, counted) AS what FROM (
      SELECT j.id, j.trial_budget AS budget,
        j.trials_completed + j.trials_pruned + j.trials_failed + j.trials_infeasible AS counted,
        (SELECT count(*) FROM trials t WHERE t.job_id = j.id AND t.state IN ${ACCEPTED}) AS accepted
      FROM jobs j) AS counts
    WHERE accepted > budget OR accepted <> counted`);
  return rows.map(({ what }) => what);
}
