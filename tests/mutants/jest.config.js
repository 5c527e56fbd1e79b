import root from '../../jest.config.js';

const { globalSetup: _setup, globalTeardown: _teardown, transform, ...rest } = root;
const [[pattern, [, options]]] = Object.entries(transform);

// As the tests run, but with a seeded fault; whoever runs them has a mongod ready where one is needed.
export default {
  ...rest,
  rootDir: '../..',
  testTimeout: 8_000,
  transform: { [pattern]: ['<rootDir>/tests/mutants/jest-transform.js', options] },
};
