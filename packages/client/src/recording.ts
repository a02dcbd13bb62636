import type { Send } from "./patient-fetch.js";

/** One answer to a GET, as it came. */
export interface RecordedAnswer {
  /** Path and query in one order, see `askedOf`. */
  readonly asked: string;
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** What `espalier report` keeps of one job. */
export interface JobRecording {
  readonly job_id: string;
  /** ISO 8601. */
  readonly recorded_at: string;
  readonly answers: readonly RecordedAnswer[];
}

/** How many points a chart is drawn with is no matter of which answer it is: a recording gives the points it has. */
const DRAWN_WITH = "points";

const NOT_FOUND = 404;

/** What a request asks for, whatever the order of its parameters and the address of the service. */
function askedOf(url: string): string {
  const { pathname, searchParams } = new URL(url);
  searchParams.delete(DRAWN_WITH);
  searchParams.sort();
  const query = searchParams.toString();
  return query === "" ? pathname : `${pathname}?${query}`;
}

/** Sends requests on and adds what is answered to every GET to `answers`, refusals too. */
export function recording(send: Send, answers: RecordedAnswer[]): Send {
  return async (request) => {
    const response = await send(request);
    if (request.method !== "GET") return response;
    const body = await response.clone().text();
    const type = response.headers.get("content-type") ?? "";
    answers.push({ asked: askedOf(request.url), status: response.status, type, body });
    return response;
  };
}

/** Answers from what was recorded, the later of two; with 404 what was not asked then. Sends nothing. */
export function replaying(answers: readonly RecordedAnswer[]): Send {
  const known = new Map(answers.map((answer) => [answer.asked, answer]));
  return async (request) => {
    const asked = askedOf(request.url);
    const found = request.method === "GET" ? known.get(asked) : undefined;
    if (found !== undefined) {
      return new Response(found.body, { status: found.status, headers: { "content-type": found.type } });
    }
    return Response.json(
      {
        type: "about:blank",
        title: "Not recorded",
        status: NOT_FOUND,
        detail: `Nothing was recorded for ${request.method} ${asked}. Ask the service itself.`,
        instance: asked,
        code: "NOT_FOUND",
        request_id: "",
      },
      { status: NOT_FOUND, headers: { "content-type": "application/problem+json" } },
    );
  };
}
