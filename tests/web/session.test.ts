import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { BrowserSession } from '../../web/src/kit/session.ts';
import { type ApiServer, type Member, startApiServer } from '../support/api-server.ts';

const { setInterval } = globalThis;
Object.assign(globalThis, {
  document: { addEventListener: () => {} },
  // The page's clock ticks as long as the page is there.
  setInterval: (run: () => void, ms: number) => setInterval(run, ms).unref(),
});
const { createBrowserSession } = await import('../../web/src/kit/session.ts');

/** A browser as its pages see it: one cookie jar and one storage for all of its tabs. */
function openBrowser(url: string) {
  const cookies = new Map<string, string>();
  const stored = new Map<string, string>();
  const tabs: ((event: { key: string; newValue: string | null }) => void)[] = [];
  const real = globalThis.fetch;
  const browser = {
    isOffline: false,
    sessions: [] as BrowserSession[],
    cookies,
    tab() {
      const session = createBrowserSession('customer');
      browser.sessions.push(session);
      return session;
    },
    async close() {
      for (const session of browser.sessions) {
        const { value } = session.phase;
        if (value.is === 'signedIn') value.client.close();
      }
      globalThis.fetch = real;
    },
  };
  const tell = (key: string, newValue: string | null) => {
    for (const listen of tabs) listen({ key, newValue });
  };
  Object.assign(globalThis, {
    location: { origin: new URL(url).origin },
    localStorage: {
      getItem: (key: string) => stored.get(key) ?? null,
      setItem(key: string, value: string) {
        stored.set(key, value);
        tell(key, value);
      },
      removeItem(key: string) {
        stored.delete(key);
        tell(key, null);
      },
    },
    addEventListener: (name: string, listen: (typeof tabs)[number]) => {
      if (name === 'storage') tabs.push(listen);
    },
    async fetch(input: URL, init: RequestInit) {
      if (browser.isOffline) throw new TypeError('offline');
      const headers = new Headers(init.headers);
      headers.set('origin', new URL(url).origin);
      headers.set('cookie', [...cookies].map((pair) => pair.join('=')).join('; '));
      const answer = await real(input, { ...init, headers });
      for (const line of answer.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        if (value) cookies.set(name, value);
        else cookies.delete(name);
      }
      return answer;
    },
  });
  return browser;
}

describe('the session of a browser', () => {
  let server: ApiServer;
  let ann: Member;
  let browser: ReturnType<typeof openBrowser>;

  beforeEach(async () => {
    server = await startApiServer();
    ann = await server.member('customer');
    browser = openBrowser(server.url);
  });
  afterEach(async () => {
    await browser.close();
    await server.close();
  });

  const becomes = (session: BrowserSession, is: string) =>
    new Promise<void>((resolve) => {
      session.phase.subscribe((phase) => {
        if (phase.is === is) resolve();
      });
    });
  async function signedIn(): Promise<BrowserSession> {
    const tab = browser.tab();
    await becomes(tab, 'signedOut');
    await tab.signIn(ann.user.email, server.password);
    return tab;
  }

  it('[WEB2] goes on in the next page', async () => {
    await signedIn();
    await becomes(browser.tab(), 'signedIn');
  });

  it('[WEB2] stays signed out where the server did not hear it, and tells it when it can', async () => {
    const tab = await signedIn();
    browser.isOffline = true;
    await tab.signOut();
    expect(tab.phase.value.is).toBe('signedOut');
    expect(browser.cookies.size).toBe(1);
    browser.isOffline = false;
    const next = browser.tab();
    await becomes(next, 'signedOut');
    while (browser.cookies.size > 0) await new Promise((resolve) => setImmediate(resolve));
    await next.signIn(ann.user.email, server.password);
    await becomes(browser.tab(), 'signedIn');
  });

  it('[WEB2] does not begin in a tab while its person signs out in another', async () => {
    const tab = await signedIn();
    const through = globalThis.fetch;
    let answer = () => {};
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const asked = new Promise<BrowserSession>((resolve) => {
      globalThis.fetch = async (...request) => {
        const response = await through(...request);
        resolve(other);
        await answered;
        return response;
      };
      const other = browser.tab();
    });
    const other = await asked;
    const leaving = tab.signOut();
    answer();
    await leaving;
    await new Promise<void>((resolve) => {
      other.phase.subscribe(({ is }) => is !== 'starting' && resolve());
    });
    expect(other.phase.value.is).toBe('signedOut');
  });

  it('[WEB2] ends in all tabs at once', async () => {
    const tab = await signedIn();
    const other = browser.tab();
    await becomes(other, 'signedIn');
    const { value } = other.phase;
    await tab.signOut();
    expect(other.phase.value.is).toBe('signedOut');
    expect(value.is === 'signedIn' && value.client.connected()).toBe(false);
  });
});
