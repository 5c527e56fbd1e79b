import config from './jest.config.js';

/** What people see, in a real Chromium, on a real server: `npm run test:browser`. */
export default {
  ...config,
  testMatch: ['<rootDir>/tests/browser/**/*.browser.ts'],
  globalSetup: '<rootDir>/tests/browser/support/need-chromium.ts',
  globalTeardown: undefined,
  testTimeout: 120_000,
};
