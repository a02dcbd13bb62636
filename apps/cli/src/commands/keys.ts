import type { ApiKey } from "@espalier/client";
import { type ApiScope, apiScope, apiScopes } from "@espalier/contracts";
import Table from "cli-table3";
import { Command, InvalidArgumentError } from "commander";
import { connect, withConnection } from "../client/connection.js";
import { printJson } from "../output/json.js";
import { wholeNumber } from "./arguments.js";

interface KeysFlags {
  readonly url: string;
  readonly json: boolean;
}

interface CreateFlags extends KeysFlags {
  readonly name: string;
  readonly scopes: ApiScope[];
  readonly expires?: Date;
}

const HOURS: Readonly<Record<string, number>> = { h: 1, d: 24 };

function scopeList(text: string): ApiScope[] {
  return text.split(",").map((name) => {
    const parsed = apiScope.safeParse(name.trim());
    if (parsed.success) return parsed.data;
    throw new InvalidArgumentError(`'${name}' is not one of ${apiScopes.join(", ")}.`);
  });
}

/** `30d`, `12h` or a date. */
function end(text: string): Date {
  const [, count, unit] = /^(\d{1,5})([hd])$/.exec(text) ?? [];
  const hours = Number(count) * (HOURS[unit ?? ""] ?? Number.NaN);
  const date = count === undefined ? new Date(text) : new Date(Date.now() + hours * 3_600_000);
  if (!Number.isNaN(date.getTime())) return date;
  throw new InvalidArgumentError(`'${text}' is neither a time such as 30d or 12h nor a date.`);
}

function keysTable(keys: readonly ApiKey[]): string {
  const table = new Table({
    head: ["key", "name", "scopes", "last used", "expires", "revoked"],
    style: { head: [], border: [], compact: true },
  });
  for (const { id, name, scopes, last_used_at, expires_at, revoked_at } of keys) {
    table.push([id, name, scopes.join(", "), last_used_at ?? "never", expires_at ?? "never", revoked_at ?? ""]);
  }
  return table.toString();
}

function createCommand(): Command {
  return withConnection(new Command("create"))
    .description("make a key; it alone is printed, this once")
    .requiredOption("--name <name>", "who or what uses it")
    .requiredOption("--scopes <list>", `what it allows, separated by commas: ${apiScopes.join(", ")}`, scopeList)
    .option("--expires <when>", "30d, 12h or a date (default: never)", end)
    .option("--json", "print the answer as JSON", false)
    .action(async (flags: CreateFlags) => {
      const { name, scopes, expires } = flags;
      const answer = await connect(flags).keys.create({ name, scopes, expires_at: expires?.toISOString() });
      if (flags.json) return printJson(answer);
      process.stderr.write(`${answer.api_key.id}, shown this once; send it with ESPALIER_API_KEY:\n`);
      process.stdout.write(`${answer.key}\n`);
      return undefined;
    });
}

function listCommand(): Command {
  return withConnection(new Command("list"))
    .description("list keys, newest first")
    .option("--limit <n>", "at most this many", wholeNumber(1, 200), 50)
    .option("--json", "print as JSON", false)
    .action(async (flags: KeysFlags & { limit: number }) => {
      const answer = await connect(flags).keys.list(flags.limit);
      if (flags.json) return printJson(answer);
      process.stdout.write(`${keysTable(answer.data)}\n`);
      return undefined;
    });
}

function revokeCommand(): Command {
  return withConnection(new Command("revoke"))
    .description("end a key, for good and within five seconds")
    .argument("<key>", "its id, key_…")
    .option("--json", "print as JSON", false)
    .action(async (id: string, flags: KeysFlags) => {
      await connect(flags).keys.revoke(id);
      if (flags.json) return printJson({ id, revoked: true });
      process.stdout.write(`${id} revoked\n`);
      return undefined;
    });
}

/** `espalier keys create|list|revoke` */
export function keysCommand(): Command {
  return new Command("keys")
    .description("make, list and revoke API keys")
    .addCommand(createCommand())
    .addCommand(listCommand())
    .addCommand(revokeCommand());
}
