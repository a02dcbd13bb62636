import { AppError } from "@espalier/contracts";
import { Prisma } from "../generated/client.js";
import { causeOf, sqlState } from "./sql-state.js";

/** Prisma's codes for: unreachable, timed out, connection closed, no connection free, transaction could not start. */
const OUTAGE_CODES = new Set(["P1001", "P1002", "P1008", "P1017", "P2024", "P2028"]);
const OUTAGE_KINDS = new Set(["DatabaseNotReachable", "ConnectionClosed", "SocketTimeout", "TooManyConnections"]);
/** SQLSTATE classes 08 (connection) and 57P (server is shutting down or starting), 53300 (too many connections). */
const OUTAGE_STATES = /^(08...|57P0.|53300)$/;
const OUTAGE_TEXT =
  /ECONNREFUSED|ECONNRESET|EPIPE|Connection terminated|terminating connection|not queryable|server closed the connection|timeout exceeded when trying to connect/i;

/** Whether Postgres could not be asked at all, as opposed to having refused. */
export function isOutage(error: unknown): boolean {
  if (error instanceof Prisma.PrismaClientInitializationError) return true;
  if (error instanceof Prisma.PrismaClientKnownRequestError) {
    const state = sqlState(error);
    if (OUTAGE_CODES.has(error.code) || OUTAGE_KINDS.has(causeOf(error)?.kind ?? "")) return true;
    if (state !== undefined && OUTAGE_STATES.test(state)) return true;
  }
  return error instanceof Error && !(error instanceof AppError) && OUTAGE_TEXT.test(error.message);
}

type Method = (...args: readonly unknown[]) => Promise<unknown>;

/** The same repository, whose methods reject with AppError SERVICE_UNAVAILABLE while Postgres is away. */
export function withOutageNamed<R extends object>(repository: R): R {
  const wrap =
    (method: Method): Method =>
    (...args) =>
      method(...args).catch((error: unknown) => {
        throw isOutage(error)
          ? new AppError("SERVICE_UNAVAILABLE", "Postgres does not answer. Try again in a moment.", { cause: error })
          : error;
      });
  const wrapped = Object.entries(repository).map(([name, method]) => [name, wrap(method as Method)]);
  return Object.fromEntries(wrapped) as R;
}
