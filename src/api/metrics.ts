import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { ApiContext } from './context.ts';

/** The node's figures for Prometheus. */
export interface Metrics {
  readonly contentType: string;
  render(): Promise<string>;
  /** @param route the pattern, never the path: labels must stay few */
  onHttp(method: string, route: string, status: number, ms: number): void;
  onMessage(name: string, outcome: string): void;
  /** @param code of an HTTP answer, or of a connection that was not let in */
  onRefusal(code: string): void;
  onSockets(count: number): void;
  onSlowConsumer(): void;
}

export function createMetrics({
  engine,
  failures,
}: Pick<ApiContext, 'engine' | 'failures'>): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'waybill_' });
  const registers = [registry];

  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      ...{ name: `waybill_${name}`, help, registers },
      collect() {
        this.set(read());
      },
    });
  gauge('hot_actors', 'Actors in memory.', () => engine.stats().hotActors);
  gauge('mailbox_messages', 'Commands waiting or under way.', () => engine.stats().messages);
  gauge('deadlines_armed', 'Deadlines in the heap.', () => engine.stats().armed);
  gauge(
    'backlog_seconds',
    'Age of the oldest overdue deadline.',
    () => engine.stats().backlogMs / 1e3,
  );
  gauge(
    'clock_offset_seconds',
    'Database clock minus ours.',
    () => engine.stats().clockOffsetMs / 1e3,
  );
  gauge('clock_error_seconds', 'The offset is known to within this.', () => {
    return engine.stats().clockErrorMs / 1e3;
  });
  gauge('nodes', 'Nodes that serve, this one included.', () => engine.stats().nodes.length);
  gauge('feed_stale', '1: nothing was heard of the database for 2 s.', () =>
    Number(engine.feed.stale),
  );

  const commits = new Counter({
    name: 'waybill_commits_total',
    help: 'Committed steps of all nodes, as the feed tells them.',
    labelNames: ['kind', 'event'],
    registers,
  });
  engine.feed.subscribe({
    onCommit: ({ kind, entry }) => commits.inc({ kind, event: entry.event.type }),
  });
  new Counter({
    name: 'waybill_failures_total',
    help: 'Failures: retried by themselves; poisoned, stuck_effect and full wait for somebody.',
    labelNames: ['kind'],
    registers,
    collect() {
      this.reset();
      for (const [kind, count] of Object.entries(failures())) this.inc({ kind }, count);
    },
  });
  const refusals = new Counter({
    name: 'waybill_refusals_total',
    help: 'HTTP requests refused and connections not let in, by code.',
    labelNames: ['code'],
    registers,
  });
  const http = new Histogram({
    name: 'waybill_http_seconds',
    help: 'Time to answer HTTP requests.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2],
    registers,
  });
  const messages = new Counter({
    name: 'waybill_socket_messages_total',
    help: 'Messages of clients by name and outcome.',
    labelNames: ['name', 'outcome'],
    registers,
  });
  const sockets = new Gauge({ name: 'waybill_sockets', help: 'Open sockets.', registers });
  const slow = new Counter({
    name: 'waybill_slow_consumers_total',
    help: 'Sockets cut off because they did not keep up.',
    registers,
  });

  return {
    contentType: registry.contentType,
    render: () => registry.metrics(),
    onHttp: (method, route, status, ms) => http.observe({ method, route, status }, ms / 1e3),
    onMessage: (name, outcome) => messages.inc({ name, outcome }),
    onRefusal: (code) => refusals.inc({ code }),
    onSockets: (count) => sockets.set(count),
    onSlowConsumer: () => slow.inc(),
  };
}
