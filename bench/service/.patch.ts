import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createDatabase, startEmbeddedPostgres } from "@espalier/embedded";
import pg from "pg";

const server = await startEmbeddedPostgres({ dir: "/tmp/bench-scale/postgres" });
const url = await createDatabase(server.url, "bench");
const c = new pg.Client({ connectionString: url });
await c.connect();
const run = async (q: string, v: unknown[] = []) => {
  const t = Date.now();
  const r = await c.query(q, v);
  console.log(q.slice(0, 60), r.rowCount, Date.now() - t);
  return r;
};
await run("SET maintenance_work_mem='1GB'");
await run("SET work_mem='256MB'");
await run("SET synchronous_commit=off");
console.log((await run("select migration_name, checksum from _prisma_migrations order by 1")).rows.slice(-3));
await run(
  `CREATE TABLE sv AS SELECT v.parameter_id, v.number, v.state, v.value, t.score FROM sorted_values v JOIN trials t ON t.number=v.number AND t.job_id=(SELECT job_id FROM sorted_parameters LIMIT 1)`,
);
await run("DROP TABLE sorted_values");
await run("ALTER TABLE sv RENAME TO sorted_values");
await run(
  "ALTER TABLE sorted_values ALTER parameter_id SET NOT NULL, ALTER number SET NOT NULL, ALTER state SET NOT NULL",
);
await run(
  'CREATE INDEX "sorted_values_parameter_id_state_value_number_score_idx" ON "sorted_values"("parameter_id", "state", "value", "number", "score")',
);
await run("VACUUM ANALYZE sorted_values");
const sum = createHash("sha256")
  .update(readFileSync("prisma/migrations/20261122234000_sorted_values/migration.sql"))
  .digest("hex");
await run("UPDATE _prisma_migrations SET checksum=$1 WHERE migration_name='20261122234000_sorted_values'", [sum]);
console.log(
  (
    await run(
      "select pg_size_pretty(pg_relation_size('sorted_values')) a, pg_size_pretty(pg_relation_size('sorted_values_parameter_id_state_value_number_score_idx')) b, pg_size_pretty(pg_relation_size('trials')) c, pg_size_pretty(pg_indexes_size('trials')) d",
    )
  ).rows,
);
await c.end();
await server.stop();
