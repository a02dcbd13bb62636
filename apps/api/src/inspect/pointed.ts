import { AppError } from "@espalier/contracts";

/** Runs a step of the inspection; an AppError that points nowhere is pointed at the part of the body it is about. */
export async function pointed<T>(pointer: string, step: () => T | Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof AppError) || error.errors.length > 0) throw error;
    throw new AppError(error.code, error.message, { cause: error, errors: [{ detail: error.message, pointer }] });
  }
}
