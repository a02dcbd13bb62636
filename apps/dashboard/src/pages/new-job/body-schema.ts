/** The parts of JSON Schema that the form reads. */
export interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

interface Described {
  readonly paths?: Readonly<Record<string, { readonly post?: { readonly requestBody?: Content } }>>;
}
interface Content {
  readonly content?: Readonly<Record<string, { readonly schema?: Schema }>>;
}

/** Schema of a job's body in the service's own description; empty until that was read. */
export const bodySchema = (openapi: unknown): Schema =>
  (openapi as Described | undefined)?.paths?.["/v1/jobs"]?.post?.requestBody?.content?.["application/json"]?.schema ??
  {};

/** Schema of the place that a JSON Pointer names, whichever variant has it; the choices of all variants together. */
export function schemaAt(schema: Schema, pointer: string): Schema {
  const found = pointer
    .split("/")
    .slice(1)
    .reduce<readonly Schema[]>((here, key) => here.flatMap((one) => propertiesOf(one, key)), [schema]);
  const [first = {}] = found;
  const choices = [...new Set(found.flatMap((one) => one.enum ?? []))];
  return { ...first, ...(choices.length > 0 && { enum: choices }) };
}

/** What variants add, such as null for "no limit", carries no more than its number. */
function propertiesOf(schema: Schema, key: string): readonly Schema[] {
  const own = schema.properties?.[key];
  const variants = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap((one) => propertiesOf(one, key));
  if (own === undefined) return variants;
  const [value] = (own.anyOf ?? []).filter(({ type }) => type !== "null");
  const { anyOf: _variants, ...rest } = own;
  return [
    value !== undefined && own.properties === undefined && value.properties === undefined ? { ...value, ...rest } : own,
  ];
}
