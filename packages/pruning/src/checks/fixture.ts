import { readFile } from "node:fs/promises";

/** Golden numbers of one model, as `fixtures/llama/README.md` describes them. Sections other than the losses may be absent. */
export interface LlamaFixture {
  /** N windows of T token ids. */
  readonly windows: readonly Int32Array[];
  /** [N·(T−1)]. */
  readonly tokenNll: Float64Array;
  /** [N·L·H]. */
  readonly headGateGrad?: Float64Array;
  /** [N·L·F]. */
  readonly mlpGateGrad?: Float64Array;
  readonly pruned?: {
    readonly dropKvGroups: readonly (readonly number[])[];
    readonly dropMlpChannels: readonly (readonly number[])[];
    readonly tokenNll: Float64Array;
  };
  readonly scores: ReadonlyMap<string, { readonly attention: Float64Array; readonly mlp: Float64Array }>;
}

/** The file cannot be read as a fixture; the message says why. */
export class FixtureError extends Error {
  override readonly name = "FixtureError";
}

/** Reads a fixture file. Throws FixtureError for a missing file, broken JSON or a section of another form. */
export async function readFixture(path: string): Promise<LlamaFixture> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new FixtureError(`cannot read the fixture '${path}'`, { cause });
  });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new FixtureError(`the fixture '${path}' is not JSON`, { cause });
  }
  return parseFixture(json);
}

/** Checks the form of a parsed fixture. Throws FixtureError naming the key. */
function parseFixture(json: unknown): LlamaFixture {
  const root = record(json, "the fixture");
  const windows = rows(root["input_ids"], "input_ids").map((row, n) => {
    const ids = flatten(row, `input_ids[${n}]`);
    if (ids.length < 2 || !ids.every((id) => Number.isInteger(id) && id >= 0)) {
      throw new FixtureError(`input_ids[${n}] is not a list of at least two token ids`);
    }
    return Int32Array.from(ids);
  });
  if (windows.length === 0) throw new FixtureError("input_ids is empty");
  return {
    windows,
    tokenNll: flatten(root["token_nll"], "token_nll"),
    ...optional("headGateGrad", root["head_gate_grad"], (value) => flatten(value, "head_gate_grad")),
    ...optional("mlpGateGrad", root["mlp_gate_grad"], (value) => flatten(value, "mlp_gate_grad")),
    ...optional("pruned", root["pruned"], parsePruned),
    scores: new Map(
      Object.entries(record(root["scores"] ?? {}, "scores")).map(([name, value]) => {
        const score = record(value, `scores.${name}`);
        return [
          name,
          {
            attention: flatten(score["attention"], `scores.${name}.attention`),
            mlp: flatten(score["mlp"], `scores.${name}.mlp`),
          },
        ];
      }),
    ),
  };
}

function parsePruned(value: unknown): NonNullable<LlamaFixture["pruned"]> {
  const pruned = record(value, "pruned");
  const lists = (key: string): number[][] =>
    rows(pruned[key], `pruned.${key}`).map((row, l) => [...flatten(row, `pruned.${key}[${l}]`)]);
  return {
    dropKvGroups: lists("drop_kv_groups"),
    dropMlpChannels: lists("drop_mlp_channels"),
    tokenNll: flatten(pruned["token_nll"], "pruned.token_nll"),
  };
}

function optional<K extends string, T>(key: K, value: unknown, parse: (value: unknown) => T): { [P in K]?: T } {
  return value === undefined ? {} : ({ [key]: parse(value) } as { [P in K]?: T });
}

function record(value: unknown, name: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new FixtureError(`${name} is not an object`);
}

function rows(value: unknown, name: string): unknown[] {
  if (Array.isArray(value)) return value;
  throw new FixtureError(`${name} is missing or not a list`);
}

/** All numbers of a nested list, in order. */
function flatten(value: unknown, name: string): Float64Array {
  const flat: number[] = [];
  const visit = (item: unknown): void => {
    if (Array.isArray(item)) for (const inner of item) visit(inner);
    else if (typeof item === "number") flat.push(item);
    else throw new FixtureError(`${name} holds ${JSON.stringify(item) ?? "nothing"} where a number belongs`);
  };
  visit(rows(value, name));
  return Float64Array.from(flat);
}
