import { setTimeout as sleep } from "node:timers/promises";

export interface Answer<T = unknown> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

/** Calls of the API with a key. Every body that came back is kept, to be searched for secrets. */
export interface Client {
  readonly url: string;
  readonly key: string;
  call<T>(path: string, init?: RequestInit): Promise<Answer<T>>;
  /** The same, asked again while the service is too busy to take it (503 before anything was done). */
  insist<T>(path: string, init?: RequestInit): Promise<Answer<T>>;
  /** GET that has to succeed. While the service is away or busy it is asked again, for at most two minutes. */
  get<T>(path: string): Promise<T>;
  readonly bodies: () => readonly string[];
}

const PATIENCE_MS = 120_000;
const PAUSE_MS = 100;

export function makeClient(url: string, key: string): Client {
  // A poll brings the same text many times.
  const bodies = new Set<string>();

  async function call<T>(path: string, init: RequestInit = {}): Promise<Answer<T>> {
    const headers = { authorization: `Bearer ${key}`, ...(init.body ? { "content-type": "application/json" } : {}) };
    const response = await fetch(new URL(path, url), { ...init, headers: { ...headers, ...init.headers } });
    const text = await response.text();
    bodies.add(text);
    const isJson = response.headers.get("content-type")?.includes("json") ?? false;
    return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : text) as T };
  }

  async function insist<T>(path: string, init: RequestInit = {}): Promise<Answer<T>> {
    for (const end = performance.now() + PATIENCE_MS; ; await sleep(PAUSE_MS)) {
      const answer = await call<T>(path, init);
      if (answer.status !== 503 || performance.now() > end) return answer;
    }
  }

  async function get<T>(path: string): Promise<T> {
    for (const end = performance.now() + PATIENCE_MS; ; await sleep(PAUSE_MS)) {
      const answer = await call<T>(path).catch((error: Error) => error);
      if (!(answer instanceof Error) && answer.status < 400) return answer.body;
      const isPassing = answer instanceof Error || answer.status >= 500;
      if (isPassing && performance.now() < end) continue;
      throw new Error(`GET ${path}: ${answer instanceof Error ? answer : JSON.stringify(answer.body)}`);
    }
  }

  return { url, key, call, insist, get, bodies: () => [...bodies] };
}
