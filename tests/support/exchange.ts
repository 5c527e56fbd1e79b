/** What came back; JSON bodies parsed, others as text. */
export interface Exchanged {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into it with expect.
  body: any;
}

/** One HTTP exchange. `raw` is sent as it is. */
export type Exchange = (
  method: string,
  path: string,
  call?: { body?: unknown; raw?: string; headers?: Record<string, string> },
) => Promise<Exchanged>;

/** Speaks HTTP with a server and tells everything it said. */
export const createExchange =
  (url: string, always: Record<string, string> = {}): Exchange =>
  async (method, path, { body, raw, headers } = {}) => {
    const sent = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const answer = await fetch(new URL(path, url), {
      method,
      headers: {
        ...(sent === undefined ? {} : { 'content-type': 'application/json' }),
        ...always,
        ...headers,
      },
      ...(sent === undefined ? {} : { body: sent }),
    });
    const text = await answer.text();
    const isJson = answer.headers.get('content-type')?.includes('json');
    return {
      status: answer.status,
      headers: answer.headers,
      body: text && isJson ? JSON.parse(text) : text,
    };
  };
