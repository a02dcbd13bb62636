import { Prisma } from "../generated/client.js";

/** The five-character SQLSTATE of a failed query, if the error carries one. */
export function sqlState(error: unknown): string | undefined {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return undefined;
  if (error.code === "P2034") return "40001"; // Prisma's own name for both, from queries that are not raw
  return causeOf(error)?.originalCode;
}

export interface AdapterCause {
  readonly kind?: string;
  readonly originalCode?: string;
}

/** What the driver adapter said. */
export function causeOf(error: Prisma.PrismaClientKnownRequestError): AdapterCause | undefined {
  const meta = error.meta as { readonly driverAdapterError?: { readonly cause?: AdapterCause } } | undefined;
  return meta?.driverAdapterError?.cause;
}
