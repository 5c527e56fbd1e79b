import { LRUCache } from 'lru-cache';
import type { LiveActor } from './live-actor.ts';

export interface ActorCache {
  get(key: string): LiveActor | undefined;
  set(key: string, live: LiveActor): void;
  /** Forgets an actor; the next message reads the store again. */
  evict(key: string): void;
  readonly size: number;
}

/** The hot actors of this node: bounded, least recently used out first, stopped when they leave. */
export function createActorCache(max: number): ActorCache {
  const cache = new LRUCache<string, LiveActor>({
    max,
    dispose: (live) => {
      live.actor.stop();
    },
  });
  return {
    get: (key) => cache.get(key),
    set: (key, live) => {
      cache.set(key, live);
    },
    evict: (key) => {
      cache.delete(key);
    },
    get size() {
      return cache.size;
    },
  };
}
