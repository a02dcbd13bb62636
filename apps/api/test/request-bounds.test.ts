import { beforeAll, describe, expect, it } from "vitest";
import { describeApi } from "../src/describe-api.js";
import { readVersion } from "../src/version.js";

/** What we look at in a JSON Schema. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly items?: Schema;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly exclusiveMaximum?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly propertyNames?: Schema;
  readonly maxProperties?: number;
}

interface Operation {
  readonly parameters?: readonly { readonly in: string; readonly name: string; readonly schema: Schema }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** A pattern without `*`, `+` or `{n,}` outside its character classes lets no text of any length pass. */
const isBoundedPattern = (pattern: string): boolean =>
  pattern.startsWith("^") && pattern.endsWith("$") && !/[*+]|\{\d+,\}/.test(pattern.replace(/\[[^\]]*\]|\\./g, "x"));

function isBounded(schema: Schema): boolean {
  switch (schema.type) {
    case "string":
      return schema.maxLength !== undefined || isBoundedPattern(schema.pattern ?? "");
    case "array":
      return schema.maxItems !== undefined;
    case "number":
    case "integer":
      return (
        (schema.minimum ?? schema.exclusiveMinimum) !== undefined &&
        (schema.maximum ?? schema.exclusiveMaximum) !== undefined
      );
    case "object":
      return schema.additionalProperties === false || schema.maxProperties !== undefined;
    case "boolean":
    case "null":
      return true;
    default:
      return false;
  }
}

/** Places below a schema that a request may fill with as much as it likes. */
function unbounded(description: Description, schema: Schema, place: string): string[] {
  const below = (inner: Schema | undefined, step: string): string[] =>
    inner === undefined ? [] : unbounded(description, inner, `${place}${step}`);
  if (schema.$ref !== undefined) return below(description.components.schemas[schema.$ref.split("/").at(-1) ?? ""], "");
  const branches = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (branches !== undefined) return branches.flatMap((branch) => below(branch, ""));
  if (schema.enum !== undefined || schema.const !== undefined) return [];
  const { additionalProperties } = schema;
  return [
    ...(isBounded(schema) ? [] : [`${place}: ${JSON.stringify(schema)}`]),
    ...below(schema.items, "[]"),
    ...Object.entries(schema.properties ?? {}).flatMap(([key, inner]) => below(inner, `/${key}`)),
    ...(typeof additionalProperties === "object" ? below(additionalProperties, "/*") : []),
    ...below(schema.propertyNames, "/names"),
  ];
}

const requestSchemas = ({ parameters = [], requestBody }: Operation): readonly (readonly [string, Schema])[] => [
  ...parameters.map(({ in: where, name, schema }) => [`${where} ${name}`, schema] as const),
  ...Object.values(requestBody?.content ?? {}).map(({ schema }) => ["body", schema] as const),
];

describe("what a request may hold", () => {
  let description: Description;
  beforeAll(async () => {
    description = (await describeApi(readVersion())) as unknown as Description;
  });

  it("is bounded: every text, list, number and object of every operation", () => {
    const places = Object.entries(description.paths).flatMap(([path, operations]) =>
      Object.entries(operations).flatMap(([method, operation]) =>
        requestSchemas(operation).flatMap(([where, schema]) =>
          unbounded(description, schema, `${method} ${path} ${where} `),
        ),
      ),
    );
    expect(places).toEqual([]);
  });

  it("would be found unbounded if it were", () => {
    const found = (schema: Schema) => unbounded(description, schema, "").length;
    const unboundedSchemas: readonly Schema[] = [
      { type: "string" },
      { type: "string", pattern: "^a+$" },
      { type: "array", items: { type: "boolean" } },
      { type: "array", maxItems: 2, items: { type: "string" } },
      { type: "number", minimum: 0 },
      { type: "object", additionalProperties: { type: "boolean" } },
      { anyOf: [{ type: "null" }, { type: "string" }] },
      {},
    ];
    expect(unboundedSchemas.map(found)).toEqual(unboundedSchemas.map(() => 1));
    expect(found({ type: "string", pattern: "^whsec_[A-Za-z0-9+/]{32,128}={0,2}$" })).toBe(0);
  });
});
