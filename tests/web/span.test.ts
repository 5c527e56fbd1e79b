import { expect, it } from '@jest/globals';
import { spanOf } from '../../web/src/console/numbers/span.ts';

it('[WEB56] a chart has room for the last part of its time', () => {
  expect(spanOf([0, 900, 1_800])).toEqual([0, 2_700]);
  expect(spanOf([5])).toEqual([5, 6]);
});
