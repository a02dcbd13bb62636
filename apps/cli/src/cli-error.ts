/** Exit codes of every command: scripts rely on them. */
export const exitCodes = { done: 0, jobFailed: 1, badInput: 2, unreachable: 3 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** An error meant for the person at the terminal: printed without a stack, ends with `exitCode`. */
export class CliError extends Error {
  override readonly name = "CliError";
  constructor(
    message: string,
    readonly exitCode: ExitCode,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
