import swc from '@swc/jest';
import { mutate } from './mutate.js';

/** @swc/jest, given the source with the seeded fault in it. Its cache goes by that source. */
export default {
  createTransformer(options) {
    const inner = swc.createTransformer(options);
    const withFault = (name) => (source, path, more) =>
      inner[name](mutate(path, source), path, more);
    return {
      ...inner,
      process: withFault('process'),
      processAsync: withFault('processAsync'),
      getCacheKey: withFault('getCacheKey'),
    };
  },
};
