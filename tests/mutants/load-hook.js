import { fileURLToPath } from 'node:url';
import { mutate } from './mutate.js';

/** A module hook that puts the seeded fault into the source as it is loaded, before tsx compiles it. */
export async function load(url, context, nextLoad) {
  const loaded = await nextLoad(url, context);
  if (!url.startsWith('file:') || !loaded.source) return loaded;
  const path = fileURLToPath(url);
  return { ...loaded, source: mutate(path, String(loaded.source)) };
}
