import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { JobRecording } from "@espalier/client";
import { reportFolder } from "@espalier/dashboard/location";
import { CliError, exitCodes } from "../cli-error.js";

/** One HTML document with everything in it: the dashboard's script and style, and `recording`. Asks nothing of any server. */
export async function reportPage(title: string, recording: JobRecording): Promise<string> {
  const [script, style] = await Promise.all([inScript("report.js"), built("report.css")]);
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  // "<" begins what would end the element.
  const data = JSON.stringify(recording).replaceAll("<", "\\u003c");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${inText(title)}</title>
<style>${style}</style>
</head>
<body>
<div id="root"></div>
<noscript>This report needs JavaScript. It sends nothing anywhere.</noscript>
<script type="application/json" id="recording">${data}</script>
<script type="module">${script}</script>
</body>
</html>
`;
}

const hashOf = (text: string): string => `sha256-${createHash("sha256").update(text).digest("base64")}`;

const inText = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** A script's text where it may stand between tags: in JavaScript both sequences occur within literals alone. */
const inScript = async (name: string): Promise<string> =>
  (await built(name)).replaceAll(/<\/script/gi, "<\\/script").replaceAll("<!--", "<\\!--");

const built = (name: string): Promise<string> =>
  readFile(new URL(name, reportFolder), "utf8").catch((cause: unknown) => {
    throw new CliError("The dashboard is not built, so no report can be made. Run: npm run build", exitCodes.badInput, {
      cause,
    });
  });
