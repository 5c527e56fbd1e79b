import type { ActorKind } from './actor-kind.ts';
import type { Clock } from './clock.ts';
import type { NodeInfo, Store } from './store.ts';

const HEARTBEAT_EVERY_MS = 1_000;
/** A node not heard of for this long is taken for dead: its share goes to the others. */
export const FRESH_MS = 3_000;

export interface Membership {
  /** Names of the nodes that serve now, this one among them. */
  liveNodes(): readonly string[];
  /** Newest machine version of the kind that every live node carries. */
  birthVersion(kind: ActorKind): number;
  start(): Promise<() => Promise<void>>;
}

/** Which nodes serve, as the `nodes` collection has it. Only a hint: nothing safe rests on it. */
export function createMembership(deps: {
  store: Store;
  clock: Clock;
  node: string;
  kinds: readonly ActorKind[];
}): Membership {
  const { store, clock, node } = deps;
  const versions = Object.fromEntries(deps.kinds.map((kind) => [kind.name, kind.currentVersion]));
  let nodes: NodeInfo[] = [];
  let names: readonly string[] = [node];

  async function beat() {
    nodes = await store.heartbeat({ name: node, versions }, FRESH_MS);
    names = [...new Set([node, ...nodes.map(({ name }) => name)])].sort();
  }

  return {
    liveNodes: () => names,
    birthVersion(kind) {
      const carried = nodes.map((each) => each.versions[kind.name] ?? kind.currentVersion);
      return Math.min(kind.currentVersion, ...carried);
    },
    async start() {
      await beat();
      let stopped = false;
      let cancel = clock.after(HEARTBEAT_EVERY_MS, again);
      return async () => {
        stopped = true;
        cancel();
        await store.leave(node);
      };

      function again() {
        beat()
          // Without the database nothing can be served anyway; the last list stands.
          .catch(() => {})
          .finally(() => {
            if (!stopped) cancel = clock.after(HEARTBEAT_EVERY_MS, again);
          });
      }
    },
  };
}
