import { AppError } from "@espalier/contracts";

const ANSWER_SECONDS = 2;

/** Rejects with AppError SERVICE_UNAVAILABLE when the backend refuses or takes longer than two seconds. */
export async function withTimeout<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ANSWER_SECONDS} s`)), ANSWER_SECONDS * 1000);
  });
  try {
    return await Promise.race([work, late]);
  } catch (cause) {
    throw new AppError("SERVICE_UNAVAILABLE", "The queue does not answer. Try again in a moment.", { cause });
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined); // a late refusal was reported already
  }
}
