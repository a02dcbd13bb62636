import { errorCatalogue } from "./catalogue.js";

const row = ([code, { status, retryable, title }]: [string, { status: number; retryable: boolean; title: string }]) =>
  `| \`${code}\` | ${status} | ${retryable ? "yes" : "no"} | ${title} |`;

/** `docs/errors.md`: the error catalogue as a table. */
export function errorsDocument(): string {
  const rows = Object.entries(errorCatalogue).map(row);
  return `# Errors

Generated from the error catalogue by \`npm run openapi\`; do not edit.

Every error is answered as \`application/problem+json\` (RFC 9457): \`type\` (\`urn:espalier:error:CODE\`), \`title\`,
\`status\`, \`detail\`, \`instance\`, \`code\`, \`request_id\`, and for errors in a body \`errors\`, a list of \`detail\` and
\`pointer\` (JSON Pointer, RFC 6901). Failed jobs carry the same codes in \`error.code\`.

| code | status | try again | meaning |
|---|---|---|---|
${rows.join("\n")}
`;
}
