/** Names of what a compute child has no use for and that may be secret: our own configuration, and credentials. */
const WITHHELD = /^ESPALIER_|^PG|^AWS_|^OTEL_|SECRET|TOKEN|PASSWORD|CREDENTIAL|(?:API|ENCRYPTION|PRIVATE)_KEY/i;

/**
 * The environment of a compute child, which reads files of unknown origin: what the system, the runtime and its execution
 * providers look at, and no secret. A child gets its settings in its first message.
 */
export const childEnvironment = (own: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(own).filter(([name]) => !WITHHELD.test(name)));
