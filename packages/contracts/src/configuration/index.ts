export { closestName } from "./closest-name.js";
export { ConfigurationError, type Environment, readEnvironment } from "./read-environment.js";
export {
  apiEnvironment,
  clientEnvironment,
  type EnvironmentName,
  environmentNames,
  environmentVariables,
  sharedEnvironment,
  workerEnvironment,
} from "./variables.js";
