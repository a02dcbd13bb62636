import { problem } from "@espalier/contracts";

const content = { "application/problem+json": { schema: problem } };

/** Every operation may answer with problem details. */
export const problemResponse = {
  "4xx": { description: "Refused, with what to change: problem details (RFC 9457)", content },
  default: { description: "Problem details (RFC 9457)", content },
} as const;
