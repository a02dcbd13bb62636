import { log } from "./log.mjs";

/** Prisma's error codes for what Postgres answers (SQLSTATE). */
const PRISMA_CODES = {
  "3D000": { code: "P1003", text: (name) => `Database \`${name}\` does not exist` },
  "42P04": { code: "P1009", text: (name) => `Database \`${name}\` already exists` },
  "28P01": { code: "P1000", text: () => "Authentication failed against the database server" },
  28000: { code: "P1000", text: () => "Authentication failed against the database server" },
};

/** `cli can-connect-to-database` and `cli create-database`: used by `migrate dev` and `db push`. Returns the exit code. */
export async function runDatabaseCommand(command, url) {
  const { default: pg } = await import("pg");
  log("INFO", { message: "Starting schema engine CLI" }); // the command line drops the first line
  const target = new URL(url);
  const name = decodeURIComponent(target.pathname.slice(1));
  const isCreating = command === "create-database";
  if (isCreating) target.pathname = "/postgres";
  const client = new pg.Client({ connectionString: target.href });
  client.on("error", () => undefined); // a FATAL arrives twice: as a rejection and as an event
  try {
    await client.connect();
    await client.query(isCreating ? `CREATE DATABASE ${client.escapeIdentifier(name)}` : "SELECT 1");
    await client.end();
    return 0;
  } catch (error) {
    const known = PRISMA_CODES[error.code];
    const message = known ? known.text(name) : `Can't reach database server at \`${target.host}\`: ${error.message}`;
    log("ERROR", { is_panic: false, error_code: known?.code ?? "P1001", message });
    return 1;
  }
}
