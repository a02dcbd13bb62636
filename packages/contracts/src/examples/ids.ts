/** Ids and instants of the examples. */
export const JOB = "job_0192f3a4-5b6c-7d8e-9f01-23456789abcd";
export const KEY = "key_0192f3a4-5b6c-7d8e-9f01-23456789abce";
export const ENDPOINT = "whe_0192f3a4-5b6c-7d8e-9f01-23456789abcf";
export const MESSAGE = "msg_0192f3a4-5b6c-7d8e-9f01-23456789abd0";
export const WORKER = "wrk_0192f3a4-5b6c-7d8e-9f01-23456789abd1";
export const SUBMITTED = "2026-03-01T09:30:00.000Z";
export const STARTED = "2026-03-01T09:30:01.000Z";
export const ENDED = "2026-03-01T09:31:12.000Z";
