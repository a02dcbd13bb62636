import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { repository } from "../e2e/repository.js";

/** Whether a command is on the path; tests that need it are skipped without. */
export const hasTool = (name: string): boolean => spawnSync(name, ["--version"]).error === undefined;

const fetched = repository("node_modules/.cache/helm/helm");

/** helm from `scripts/fetch-helm.sh`, else the one on the path; undefined without either. */
export const helm: string | undefined = existsSync(fetched)
  ? fetched
  : spawnSync("helm", ["version"]).error === undefined
    ? "helm"
    : undefined;
