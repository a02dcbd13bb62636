import type { Problem } from "@espalier/contracts";

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

const texts = ["type", "title", "detail", "instance", "code", "request_id"];

/** By hand, not by the contract's schema: a browser would load the schema library, which tries `eval`, for this alone. */
const isProblem = (value: unknown): value is Problem =>
  isObject(value) &&
  texts.every((name) => typeof value[name] === "string") &&
  Number.isInteger(value["status"]) &&
  (value["errors"] === undefined || (Array.isArray(value["errors"]) && value["errors"].every(isFieldProblem)));

const isFieldProblem = (value: unknown): boolean =>
  isObject(value) && typeof value["detail"] === "string" && typeof value["pointer"] === "string";

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
    const body: unknown = await response.json().catch(() => undefined);
    return new ProblemError(response.status, isProblem(body) ? body : undefined);
  }
}
