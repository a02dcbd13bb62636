import { problem } from "@espalier/contracts";

/** Every operation may answer with problem details. */
export const problemResponse = {
  default: {
    description: "Problem details (RFC 9457)",
    content: { "application/problem+json": { schema: problem } },
  },
} as const;
