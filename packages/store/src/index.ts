export type { ApiKeyStore, NewApiKey, StoredApiKey } from "./api-keys/api-key-store.js";
export type { EndpointStore, NewEndpoint, PageRequest } from "./endpoints/endpoint-store.js";
export { openFileStore } from "./objects/file-store.js";
export type { ByteRange, FileStore, ObjectStore, OpenedObject } from "./objects/object-store.js";
export { openStore } from "./open-store.js";
export type { ServiceReading, ServiceReadings } from "./readings/service-readings.js";
export type { Store, StoreOptions } from "./store.js";
export type { TrialColumns } from "./views/trial-columns.js";
export type { EventsQuery, Views } from "./views/views.js";
