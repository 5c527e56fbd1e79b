import { jest } from '@jest/globals';

/** The wall clock and all timers stand still until `jest.useRealTimers()`: no limit forgets while it is counted. */
export const stopTime = () =>
  jest.useFakeTimers({
    doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'performance', 'hrtime'],
  });
