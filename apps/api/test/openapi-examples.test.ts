import { createJobBody, exampleJob, operationExamples } from "@espalier/contracts";
import { beforeAll, describe, expect, it } from "vitest";
import { describeApi } from "../src/describe-api.js";
import { describedSchemas } from "./support/described-schemas.js";

interface Media {
  readonly schema: object;
  readonly example?: unknown;
}

interface Part {
  readonly content?: Readonly<Record<string, Media>>;
}

interface Operation {
  readonly operationId: string;
  readonly requestBody?: Part;
  readonly responses: Readonly<Record<string, Part>>;
}

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

const WHERE = "add one to packages/contracts/src/examples, under the operationId, and run `npm run openapi`";

/** Every body of an operation, with its place. */
function bodiesOf({ operationId, requestBody, responses }: Operation) {
  const parts = [["request", requestBody] as const, ...Object.entries(responses)];
  return parts.flatMap(([place, part]) =>
    Object.entries(part?.content ?? {}).map(([type, media]) => ({ name: `${operationId} ${place} ${type}`, ...media })),
  );
}

describe("examples in the OpenAPI description", () => {
  let description: Description;
  let operations: Operation[];
  beforeAll(async () => {
    description = JSON.parse(JSON.stringify(await describeApi("0.0.0")));
    operations = Object.values(description.paths).flatMap((methods) => Object.values(methods));
  });

  it("stand at every request and every answer", () => {
    const without = operations.flatMap(bodiesOf).filter(({ example }) => example === undefined);
    expect(
      without.map(({ name }) => name),
      WHERE,
    ).toEqual([]);
  });

  it("fit the schema of their place", () => {
    const problemWith = describedSchemas(description);
    for (const { name, schema, example } of operations.flatMap(bodiesOf)) {
      expect(problemWith(schema, example), name).toBeUndefined();
    }
  });

  it("belong to operations that there are", () => {
    const named = operations.map(({ operationId }) => operationId).sort();
    expect(Object.keys(operationExamples).sort(), WHERE).toEqual(named);
  });

  it("name a job that the contract takes", () => {
    expect(createJobBody.parse(exampleJob)).toMatchObject({ name: "stories at 20 %", target: { sparsity: 0.2 } });
  });
});
