import type { Observed } from "../harness/place.js";

const TERMINAL = `('job.succeeded', 'job.failed', 'job.cancelled')`;

/** 1: a job ends in exactly one terminal state. */
export async function oneTerminalState({ database }: Observed, mayRun: boolean): Promise<readonly string[]> {
  const rows = await database.query<{ id: string; state: string; ends: string[]; finished: boolean; later: number }>(`
    SELECT j.id, j.state, j.finished_at IS NOT NULL AS finished,
      ARRAY(SELECT type FROM events e WHERE e.job_id = j.id AND type IN ${TERMINAL}) AS ends,
      (SELECT count(*)::int FROM events e WHERE e.job_id = j.id AND e.type ~ '^(job|trial)[.]' AND e.sequence > (
        SELECT min(sequence) FROM events t WHERE t.job_id = j.id AND t.type IN ${TERMINAL})) AS later
    FROM jobs j`);
  return rows.flatMap(({ id, state, ends, finished, later }) => {
    const isTerminal = ["succeeded", "failed", "cancelled"].includes(state);
    const told = `${id} is ${state}`;
    if (!isTerminal) return mayRun && ends.length === 0 ? [] : [`${told}, with ends [${ends}]`];
    const isRight = ends.length === 1 && ends[0] === `job.${state}` && finished && later === 0;
    return isRight ? [] : [`${told}, finished: ${finished}, with ends [${ends}] and ${later} events after them`];
  });
}
