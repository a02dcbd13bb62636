/** The same submit from a terminal; a key is named by its variable, so that it is not in the shell's history. */
export const curlOf = (service: string, body: string, hasKey: boolean): string =>
  [
    `curl -s ${service}/v1/jobs`,
    ...(hasKey ? [`-H "authorization: Bearer $ESPALIER_API_KEY"`] : []),
    `-H 'content-type: application/json'`,
    // In a shell a quote ends the text, stands for itself, and begins it again.
    `-d '${body.replaceAll("'", `'\\''`)}'`,
  ].join(" \\\n  ");
