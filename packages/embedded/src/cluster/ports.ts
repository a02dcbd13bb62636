import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { AppError } from "@espalier/contracts";

/** The asked port; else the one of the last start, as long as it is free; else a free one, which is kept for next time. */
export async function choosePort(dir: string, asked: number | undefined): Promise<number> {
  if (asked !== undefined) {
    if (await isFree(asked)) return asked;
    throw new AppError(
      "SERVICE_UNAVAILABLE",
      `Port ${asked}, asked for the embedded Postgres, is taken. Free it or name another one.`,
    );
  }
  const file = join(dir, "port");
  const last = existsSync(file) ? Number(readFileSync(file, "utf8")) : 0;
  const port = last > 0 && (await isFree(last)) ? last : await freePort(0);
  writeFileSync(file, `${port}\n`, { mode: 0o644 });
  return port;
}

const isFree = (port: number): Promise<boolean> =>
  freePort(port).then(
    () => true,
    () => false,
  );

function freePort(wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(wanted, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address ? address.port : wanted;
      server.close(() => resolve(port));
    });
  });
}
