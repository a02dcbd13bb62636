import { readFile, writeFile } from "node:fs/promises";
import { typesOf } from "./types-of.js";

/** `npm run openapi`: writes the types of the API from the description that it has just written. */
const description = await readFile(new URL("../../../docs/openapi.json", import.meta.url), "utf8");
await writeFile(new URL("../src/generated/api.ts", import.meta.url), await typesOf(JSON.parse(description)));
