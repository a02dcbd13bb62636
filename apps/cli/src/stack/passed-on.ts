import { apiEnvironment, type EnvironmentName, readEnvironment, workerEnvironment } from "@espalier/contracts";

/** What the embedded stack decides for itself, or a flag of `espalier up` says. */
const OWN: readonly EnvironmentName[] = [
  "ESPALIER_DATABASE_URL",
  "ESPALIER_REDIS_URL",
  "ESPALIER_DATA_DIR",
  "ESPALIER_MODEL_ROOTS",
  "ESPALIER_CORPUS_ROOTS",
  "ESPALIER_ENCRYPTION_KEY",
  "ESPALIER_ENCRYPTION_KEY_PREVIOUS",
  "ESPALIER_HOST",
  "ESPALIER_PORT",
  "ESPALIER_WORKER_CONCURRENCY",
  "ESPALIER_THREADS",
  "ESPALIER_EXECUTION_PROVIDER",
];

/** Variables for the processes of an embedded stack. */
export interface PassedOn {
  readonly api: Readonly<Record<string, string>>;
  readonly worker: Readonly<Record<string, string>>;
}

/**
 * What of an environment reaches the API and the worker that `espalier up` starts: all that they know but what the stack
 * decides. Throws ConfigurationError for values that they would refuse and for unknown names.
 */
export function passedOn(env: Readonly<Record<string, string | undefined>>): PassedOn {
  const of = (names: readonly EnvironmentName[]) => {
    const free = names.filter((name) => !OWN.includes(name));
    readEnvironment(free, env);
    return Object.fromEntries(free.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
  };
  return { api: of(apiEnvironment), worker: of(workerEnvironment) };
}
