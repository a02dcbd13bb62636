import { writeFile } from "node:fs/promises";
import type { ClientOptions, Job } from "@espalier/client";
import { CliError, exitCodes } from "../cli-error.js";
import { type OnAnswer, recordJob } from "./record-job.js";
import { reportPage } from "./report-page.js";

/** A report that was written. */
export interface WrittenReport {
  readonly job: Job;
  readonly sizeBytes: number;
}

/** Writes the pages of job `id`, as they are now, to the file `path`. Throws CliError. */
export async function writeReport(
  service: ClientOptions,
  id: string,
  path: string,
  onAnswer: OnAnswer = () => undefined,
): Promise<WrittenReport> {
  const { job, recording } = await recordJob(service, id, onAnswer);
  const page = await reportPage(`${job.name ?? job.id} · Espalier`, recording);
  await writeFile(path, page).catch((cause: Error) => {
    throw new CliError(`'${path}' cannot be written: ${cause.message}`, exitCodes.badInput, { cause });
  });
  return { job, sizeBytes: Buffer.byteLength(page) };
}
