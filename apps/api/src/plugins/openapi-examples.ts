import { exampleProblem, operationExamples } from "@espalier/contracts";

type Content = Readonly<Record<string, object>>;

interface Part {
  readonly content?: Content;
}

interface Operation {
  readonly operationId?: string;
  readonly requestBody?: Part;
  readonly responses?: Readonly<Record<string, Part>>;
}

export type Paths = Readonly<Record<string, Readonly<Record<string, Operation>>>>;

const mapped = <T, R>(record: Readonly<Record<string, T>>, change: (value: T, name: string) => R) =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value, name)]));

/** A request or an answer with an example for each media type that has one. */
function exemplified(part: Part, examples: Readonly<Record<string, unknown>>): Part {
  if (part.content === undefined) return part;
  const content = mapped(part.content, (media, type) =>
    type in examples ? { ...media, example: examples[type] } : media,
  );
  return { ...part, content };
}

function operationWith(operation: Operation): Operation {
  const { request, answers = {} } = operationExamples[operation.operationId ?? ""] ?? {};
  const { requestBody, responses = {} } = operation;
  return {
    ...operation,
    ...(requestBody && { requestBody: exemplified(requestBody, { "application/json": request }) }),
    responses: mapped(responses, (part, status) =>
      exemplified(part, { "application/problem+json": exampleProblem, ...answers[status] }),
    ),
  };
}

/** Every operation with the examples that the contracts have for it. */
export const withExamples = (paths: Paths = {}): Paths => mapped(paths, (methods) => mapped(methods, operationWith));
