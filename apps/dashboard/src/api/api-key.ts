const ITEM = "espalier.api-key";

/** The key of this tab; it ends with the tab, and no other tab reads it. */
export const apiKey = {
  read: (): string | null => sessionStorage.getItem(ITEM),
  keep: (key: string): void => sessionStorage.setItem(ITEM, key),
  forget: (): void => sessionStorage.removeItem(ITEM),
};

/** Sends a request to the service with the key of this tab, if there is one. */
export function sendWithKey(request: Request): Promise<Response> {
  const key = apiKey.read();
  if (key === null) return fetch(request);
  const headers = new Headers(request.headers);
  headers.set("authorization", `Bearer ${key}`);
  return fetch(new Request(request, { headers }));
}
