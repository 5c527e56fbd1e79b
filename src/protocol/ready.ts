/** Answer of /readyz: 200 when ready, 503 when not. */
export interface ReadyView {
  ready: boolean;
  /** Why it is not ready, or not durable. */
  why?: string;
  timeScale: number;
  /** False: on the memory store, which a restart forgets. */
  durable: boolean;
  store: string;
  storeVersion?: string;
  /** Nothing was heard of the database for 2 s: screens may be behind. */
  stale: boolean;
  /** The database's clock minus this node's, ms, and how exact that is. */
  clockOffsetMs: number;
  clockErrorMs: number;
  nodes: string[];
}
