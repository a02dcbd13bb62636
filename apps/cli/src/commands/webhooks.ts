import type { WebhookDelivery, WebhookEndpoint } from "@espalier/client";
import { type WebhookEventType, webhookEventType } from "@espalier/contracts";
import Table from "cli-table3";
import { Command, InvalidArgumentError } from "commander";
import { connect, withConnection } from "../client/connection.js";
import { printJson } from "../output/json.js";
import { wholeNumber } from "./arguments.js";

interface WebhookFlags {
  readonly url: string;
  readonly json: boolean;
}

interface ListFlags extends WebhookFlags {
  readonly limit: number;
}

function eventList(text: string): WebhookEventType[] {
  return text.split(",").map((name) => {
    const parsed = webhookEventType.safeParse(name.trim());
    if (parsed.success) return parsed.data;
    throw new InvalidArgumentError(`'${name}' is not one of ${webhookEventType.options.join(", ")}.`);
  });
}

const tableOf = (head: string[], rows: readonly string[][]): string => {
  const table = new Table({ head, style: { head: [], border: [], compact: true } });
  table.push(...rows);
  return table.toString();
};

const endpointRow = ({ id, url, events, enabled, failing_since }: WebhookEndpoint): string[] => [
  id,
  url,
  events.join(", "),
  enabled ? "yes" : "no",
  failing_since ?? "",
];

function deliveryRow({ id, event_type, state, attempts, next_attempt_at }: WebhookDelivery): string[] {
  const last = attempts.at(-1);
  return [
    id,
    event_type,
    state,
    String(attempts.length),
    String(last?.status ?? last?.error ?? ""),
    next_attempt_at ?? "",
  ];
}

const command = (name: string, description: string): Command =>
  withConnection(new Command(name)).description(description).option("--json", "print the answer as JSON", false);

const listed = (name: string, description: string): Command =>
  command(name, description).option("--limit <n>", "at most this many", wholeNumber(1, 200), 50);

const print = (flags: WebhookFlags, answer: object, text: string): void => {
  if (flags.json) printJson(answer);
  else process.stdout.write(`${text}\n`);
};

/** The secret alone goes to stdout, so that it can be piped. */
function printSecret(flags: WebhookFlags, answer: { endpoint: WebhookEndpoint; secret?: string | undefined }): void {
  if (!flags.json) process.stderr.write(`${answer.endpoint.id}, its secret, shown this once:\n`);
  print(flags, answer, answer.secret ?? "");
}

const listCommand = (): Command =>
  listed("list", "list endpoints, newest first").action(async (flags: ListFlags) => {
    const answer = await connect(flags).webhooks.list(flags.limit);
    const head = ["endpoint", "address", "events", "enabled", "failing since"];
    print(flags, answer, tableOf(head, answer.data.map(endpointRow)));
  });

const createCommand = (): Command =>
  command("create", "register an endpoint for all jobs; its secret alone is printed, this once")
    .argument("<address>", "https://…")
    .option("--events <list>", "separated by commas (default: the three ends of a job)", eventList)
    .action(async (address: string, flags: WebhookFlags & { events?: WebhookEventType[] }) =>
      printSecret(flags, await connect(flags).webhooks.create({ url: address, events: flags.events })),
    );

const testCommand = (): Command =>
  command("test", "send an endpoint.test message")
    .argument("<endpoint>", "whe_…")
    .action(async (id: string, flags: WebhookFlags) => {
      const answer = await connect(flags).webhooks.test(id);
      print(flags, answer, `${answer.delivery.id} ${answer.delivery.state}`);
    });

const rotateCommand = (): Command =>
  command("rotate-secret", "replace the secret; it alone is printed, this once. Both sign for 24 hours")
    .argument("<endpoint>", "whe_…")
    .action(async (id: string, flags: WebhookFlags) => printSecret(flags, await connect(flags).webhooks.rotate(id)));

const deleteCommand = (): Command =>
  command("delete", "remove an endpoint with its deliveries")
    .argument("<endpoint>", "whe_…")
    .action(async (id: string, flags: WebhookFlags) => {
      await connect(flags).webhooks.remove(id);
      print(flags, { id, removed: true }, `${id} removed`);
    });

const deliveriesCommand = (): Command =>
  listed("deliveries", "list what was sent to an endpoint, newest first")
    .argument("<endpoint>", "whe_…")
    .action(async (id: string, flags: ListFlags) => {
      const answer = await connect(flags).webhooks.deliveries(id, flags.limit);
      const head = ["message", "event", "state", "attempts", "last", "next"];
      print(flags, answer, tableOf(head, answer.data.map(deliveryRow)));
    });

const redeliverCommand = (): Command =>
  command("redeliver", "send a message again, under the same id")
    .argument("<endpoint>", "whe_…")
    .argument("<message>", "msg_…")
    .action(async (id: string, message: string, flags: WebhookFlags) => {
      const answer = await connect(flags).webhooks.redeliver(id, message);
      print(flags, answer, `${answer.delivery.id} ${answer.delivery.state}`);
    });

/** `espalier webhooks list|create|test|rotate-secret|delete|deliveries|redeliver` */
export function webhooksCommand(): Command {
  const webhooks = new Command("webhooks").description("register receivers of events, and see what was sent to them");
  const commands = [
    listCommand,
    createCommand,
    testCommand,
    rotateCommand,
    deleteCommand,
    deliveriesCommand,
    redeliverCommand,
  ];
  for (const make of commands) webhooks.addCommand(make());
  return webhooks;
}
