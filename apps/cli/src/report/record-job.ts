import {
  type ClientOptions,
  type JobRecording,
  makeClient,
  ProblemError,
  type RecordedAnswer,
  recording,
} from "@espalier/client";
import { answered, asCliError } from "../client/answered.js";
import { cardsOf } from "./cards-of-job.js";
import { trialsWithPage } from "./trials-with-page.js";
import { type Call, cardViewsOf, trialViewsOf, viewsOf } from "./views-of-job.js";

const FIRST_SERVER_ERROR = 500;

/** Told as answers come. */
export type OnAnswer = (done: number, total: number) => void;

/**
 * Asks the service for all that the pages of job `id` show, and keeps the answers. A view that the job does not have (yet)
 * is kept as what the service says of it. Rejects with CliError where the job is unknown or the service fails.
 */
export async function recordJob(service: ClientOptions, id: string, onAnswer: OnAnswer) {
  const answers: RecordedAnswer[] = [];
  const api = makeClient({ ...service, send: recording(fetch, answers) });
  const { job } = await answered(api.GET("/v1/jobs/{id}", { params: { path: { id } } }));
  const calls = [
    ...viewsOf(api, job),
    ...cardViewsOf(api, id, await cardsOf(api, id)),
    ...trialViewsOf(api, id, await trialsWithPage(api, job)),
  ];
  for (const [done, call] of calls.entries()) {
    onAnswer(done, calls.length);
    await keptEitherWay(call);
  }
  const kept: JobRecording = { job_id: id, recorded_at: new Date().toISOString(), answers };
  return { job, recording: kept };
}

/** A refusal is an answer like another; a service that fails is not. */
async function keptEitherWay(call: Call): Promise<void> {
  try {
    await call();
  } catch (error) {
    if (!(error instanceof ProblemError) || error.status >= FIRST_SERVER_ERROR) throw asCliError(error);
  }
}
