import type { Chance } from './chance.ts';
import type { SimulatedDatabase } from './database.ts';
import type { Faults } from './faults.ts';
import type { SimulatedNode } from './node.ts';
import type { Process, Timeline } from './timeline.ts';
import type { Witness } from './witness.ts';

/** The faults that strike once, each at an instant that is drawn beforehand; all are over at `untilMs`, virtual ms. */
export function planFaults(deps: {
  timeline: Timeline;
  plan: Chance;
  faults: Faults;
  database: SimulatedDatabase;
  witness: Witness;
  untilMs: number;
  nodes(): readonly SimulatedNode[];
  crash(process: Process): void;
  cut(process: Process, until: number): void;
  /** The database was away from everyone, and is back. */
  onDisturbed(): void;
  tell(text: string, id?: string): void;
}): void {
  const { timeline, plan, faults, database, witness, untilMs, tell } = deps;
  const sometime = (from = 2_000) => plan.between(from, untilMs - 2_000);
  const someone = () => plan.pick(deps.nodes());
  /** When something that begins now is over: never later than the storm. */
  const lasting = (from: number, to: number) =>
    Math.min(untilMs, timeline.now + plan.between(from, to));

  const crashes = 1 + Math.floor(plan.between(0, 2));
  for (let i = 0; i < crashes; i++) {
    timeline.after(sometime(), () => {
      const { process } = someone();
      if (!process.dead && faults.strike('node crashed', 1)) deps.crash(process);
    });
  }
  timeline.after(sometime(), () => {
    const { process } = someone();
    if (process.dead || !faults.strike('node paused', 0.6)) return;
    process.pausedUntil = lasting(1_000, 12_000);
    tell(`${process.name} stands still until ${seconds(process.pausedUntil)}`);
  });
  timeline.after(sometime(), () => {
    if (!faults.strike('database out of reach', 0.3)) return;
    database.isOut = true;
    timeline.after(plan.between(300, 9_000), () => {
      database.isOut = false;
      deps.onDisturbed();
      tell('the database is back');
    });
  });
  timeline.after(sometime(), () => {
    const { process } = someone();
    if (process.dead || !faults.strike('node cut off from the database', 0.4)) return;
    const until = lasting(300, 9_000);
    deps.cut(process, until);
    tell(`${process.name} is cut off until ${seconds(until)}`);
  });
  timeline.after(sometime(), () => {
    if (!faults.strike('primary lost its followers', 0.5)) return;
    database.isolate();
    const isLost = plan.isTrue(0.6);
    const jumpMs = plan.between(-500, 500);
    timeline.after(plan.between(300, 4_000), () => {
      if (database.isolation === undefined) return;
      deps.onDisturbed();
      if (!isLost) {
        tell('the followers are back');
        database.heal();
        return;
      }
      const jumps = faults.strike('clock jumped on a new primary', 0.8);
      const lost = database.failOver(jumps ? jumpMs : 0);
      tell(`another primary takes over${jumps ? `, its clock ${Math.round(jumpMs)} ms on` : ''}`);
      for (const commit of lost) {
        const { id, seq, entry } = commit;
        witness.onRolledBack(commit);
        faults.count('commit rolled back');
        tell(`${id} #${seq} ${entry.event.type} is rolled back`, id);
      }
    });
  });
  for (const [kind, share] of [
    ['feed lagged', 0.4],
    ['feed lost its history', 0.3],
    ['feed resumed behind a gap', 0.25],
  ] as const) {
    timeline.after(sometime(), () => {
      const { process, connection } = someone();
      if (process.dead || !faults.strike(kind, share)) return;
      const until = lasting(200, 5_000);
      if (kind === 'feed lagged') connection.stream.hold(until);
      else connection.stream.lose(until, kind === 'feed resumed behind a gap');
      tell(`the feed of ${process.name} is broken until ${seconds(until)}`);
    });
  }
}

const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
