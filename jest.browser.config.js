import config from './jest.config.js';

/** What people see, in a real Chromium, on a real server: `npm run test:browser`. */
export default {
  ...config,
  testMatch: ['<rootDir>/tests/browser/**/*.browser.ts'],
  globalSetup: '<rootDir>/tests/browser/support/need-chromium.ts',
  globalTeardown: undefined,
  // Playwright waits for half a minute at most; this is for all that one test waits for together.
  testTimeout: 300_000,
};
