import { type Problem, problem } from "@espalier/contracts";

/** The service refused a request or failed at it. `problem` is missing where the answer came from something else. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  constructor(
    readonly status: number,
    readonly problem: Problem | undefined,
  ) {
    super(problem === undefined ? `The service answered ${status}.` : `${problem.title}. ${problem.detail}`);
  }

  /** Reads the problem details (RFC 9457) of an answer, and with them its body. */
  static async of(response: Response): Promise<ProblemError> {
    const { data } = problem.safeParse(await response.json().catch(() => undefined));
    return new ProblemError(response.status, data);
  }
}
