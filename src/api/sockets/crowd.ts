import type { Viewer } from '../presenters/viewer.ts';
import type { Session } from './session.ts';

/** Everyone connected to this node, by whom they act as. */
export interface Crowd {
  join(session: Session): void;
  leave(session: Session): void;
  all(): Session[];
  /** All connections of this principal: a person may have several devices. */
  of(role: Viewer['role'], id: string): Session[];
  readonly size: number;
}

export function createCrowd(): Crowd {
  const sessions = new Set<Session>();
  const byPrincipal = new Map<string, Set<Session>>();
  const keyOf = ({ role, id }: Viewer) => `${role}:${id}`;
  return {
    join(session) {
      sessions.add(session);
      const key = keyOf(session.viewer);
      byPrincipal.set(key, (byPrincipal.get(key) ?? new Set()).add(session));
    },
    leave(session) {
      sessions.delete(session);
      const key = keyOf(session.viewer);
      const own = byPrincipal.get(key);
      own?.delete(session);
      if (own?.size === 0) byPrincipal.delete(key);
    },
    all: () => [...sessions],
    of: (role, id) => [...(byPrincipal.get(keyOf({ role, id })) ?? [])],
    get size() {
      return sessions.size;
    },
  };
}
