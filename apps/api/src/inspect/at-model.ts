import { AppError } from "@espalier/contracts";
import type { JobQuestion } from "./messages.js";

const PATH = "/model/path";
const HUB = "/model/hub";

/** Problems with the model's files are found at `/model/path`; a body that names a hub has them at `/model/hub`. */
export async function atModel<T>({ onHub }: JobQuestion, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (onHub === undefined || !(error instanceof AppError)) throw error;
    const errors = error.errors.map(({ detail, pointer }) => ({ detail, pointer: pointer === PATH ? HUB : pointer }));
    throw new AppError(error.code, error.message, { cause: error, errors });
  }
}
