export { closestName } from "./closest-name.js";
export { type HubConfiguration, hubConfiguration } from "./hub-configuration.js";
export { type ObjectStoreSettings, objectStoreSettings } from "./object-store-settings.js";
export { ConfigurationError, type Environment, readEnvironment } from "./read-environment.js";
export {
  apiEnvironment,
  clientEnvironment,
  type EnvironmentName,
  environmentNames,
  environmentVariables,
  hubEnvironment,
  sharedEnvironment,
  workerEnvironment,
} from "./variables.js";
