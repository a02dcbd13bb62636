import { type ErrorCode, errorCatalogue } from "./catalogue.js";

/** One problem inside a request, at a JSON Pointer (RFC 6901) into its body. */
export interface FieldProblem {
  readonly detail: string;
  readonly pointer: string;
}

export interface AppErrorOptions extends ErrorOptions {
  readonly errors?: readonly FieldProblem[];
}

/** An error with a code of the catalogue; its message is written for the caller: what failed, with which value, what to do. */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly errors: readonly FieldProblem[];

  constructor(
    readonly code: ErrorCode,
    message: string,
    options: AppErrorOptions = {},
  ) {
    super(message, options);
    this.errors = options.errors ?? [];
  }

  get status(): number {
    return errorCatalogue[this.code].status;
  }

  get retryable(): boolean {
    return errorCatalogue[this.code].retryable;
  }
}
