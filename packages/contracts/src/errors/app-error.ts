import { type ErrorCode, errorCatalogue } from "./catalogue.js";
import { readableText } from "./readable-text.js";

/** One problem inside a request, at a JSON Pointer (RFC 6901) into its body. */
export interface FieldProblem {
  readonly detail: string;
  readonly pointer: string;
}

export interface AppErrorOptions extends ErrorOptions {
  readonly errors?: readonly FieldProblem[];
}

/** A body of a megabyte can have ten thousands of problems; nobody reads more than these. */
const MOST_PROBLEMS = 100;

const readable = ({ detail, pointer }: FieldProblem): FieldProblem => ({
  detail: readableText(detail),
  pointer: readableText(pointer),
});

/** An error with a code of the catalogue; its message is written for the caller: what failed, with which value, what to do. Bounded, as values may be hostile. */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly errors: readonly FieldProblem[];

  constructor(
    readonly code: ErrorCode,
    message: string,
    options: AppErrorOptions = {},
  ) {
    super(readableText(message), options);
    this.errors = (options.errors ?? []).slice(0, MOST_PROBLEMS).map(readable);
  }

  get status(): number {
    return errorCatalogue[this.code].status;
  }

  get retryable(): boolean {
    return errorCatalogue[this.code].retryable;
  }
}
