import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { errorsDocument } from "@espalier/contracts";
import { describeApi } from "./describe-api.js";
import { readVersion } from "./version.js";

/** `npm run openapi`: writes what is generated from the contracts into the folder that is named. */
const [folder = "docs"] = process.argv.slice(2);
const description = await describeApi(readVersion());
await writeFile(join(folder, "openapi.json"), `${JSON.stringify(description, null, 2)}\n`);
await writeFile(join(folder, "errors.md"), errorsDocument());
