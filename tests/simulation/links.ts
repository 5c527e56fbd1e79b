import type { Point } from '../../machines/common.ts';
import type { SendResult } from '../../src/engine/engine.ts';
import type { StoredActor } from '../../src/engine/store.ts';
import type { Command, JsonObject, Principal } from '../../src/engine/types.ts';
import { isAppError } from '../../src/errors.ts';
import type { CallLog } from '../../src/verify/check-calls.ts';
import type { Chance } from './chance.ts';
import { type Faults, InjectedFault } from './faults.ts';
import type { Asked, Judge } from './judge.ts';
import type { SimulatedNode } from './node.ts';
import type { Timeline } from './timeline.ts';

/** How a command ended for whoever sent it. */
export type Answer =
  | { outcome: 'ok'; seq: number; result: JsonObject }
  | { outcome: 'fail'; code: string }
  | { outcome: 'unknown' };

interface CommandCall {
  kind: string;
  id: string;
  command: Command;
  commandId: string;
}

/** What people reach the nodes through: requests and answers that are lost, late and doubled. */
export interface Links {
  /** Sends a command, again and again under one commandId until it is answered, refused or given up. */
  command(by: Principal, call: CommandCall): Promise<Answer>;
  /** An operator's offer or assignment, which goes through dispatch. */
  give(
    by: Principal,
    how: 'offerTo' | 'assignTo',
    orderId: string,
    driverId: string,
    commandId: string,
  ): Promise<Answer>;
  /** Reads an actor through some node; undefined: no answer, or no such actor. */
  read(by: Principal, kind: string, id: string): Promise<StoredActor | undefined>;
  /** Asks some node, once; undefined when no answer came. */
  ask<T>(what: string, question: (node: SimulatedNode) => Promise<T>): Promise<T | undefined>;
  /** A sign of life, if it arrives. */
  report(driverId: string, point: Point): void;
}

const TIMEOUT_MS = 2_500;
const MAX_TRIES = 7;
const RISKS = { lost: 0.03, doubled: 0.03, answerLost: 0.03, answerDoubled: 0.02 } as const;

export function createLinks(deps: {
  timeline: Timeline;
  chance: Chance;
  faults: Faults;
  judge: Judge;
  calls: CallLog;
  nodes(): readonly SimulatedNode[];
  tell(text: string, id?: string): void;
}): Links {
  const { timeline, chance, faults, judge, calls } = deps;
  const sleep = (ms: number) => new Promise<void>((resolve) => void timeline.after(ms, resolve));
  const latency = () => chance.between(5, 60);

  /** One request to one node; undefined when nothing came back in time. */
  function once<T>(
    run: (node: SimulatedNode) => Promise<T>,
  ): Promise<{ value: T } | { error: unknown } | undefined> {
    return new Promise((resolve) => {
      const cancel = timeline.after(TIMEOUT_MS, () => resolve(undefined));
      const serving = deps.nodes().filter((node) => node.servesSince !== undefined);
      // A load balancer knows who serves, a little late: now and then it picks one that is just dying.
      const node = serving.length > 0 ? chance.pick(serving) : undefined;
      if (!node) return;
      const back = (answer: { value: T } | { error: unknown }) => {
        if (faults.strike('answer lost', RISKS.answerLost)) return;
        const arrive = () => {
          cancel();
          resolve(answer);
        };
        timeline.after(latency(), arrive);
        // The second one finds nobody waiting.
        if (faults.strike('answer duplicated', RISKS.answerDoubled))
          timeline.after(latency(), arrive);
      };
      const arrive = () =>
        void run(node).then(
          (value) => back({ value }),
          (error) => back({ error }),
        );
      if (!faults.strike('request lost', RISKS.lost)) {
        timeline.after(latency(), arrive, node.process);
      }
      if (faults.strike('request duplicated', RISKS.doubled)) {
        timeline.after(latency() * 4, arrive, node.process);
      }
    });
  }

  async function send(
    by: Principal,
    call: CommandCall,
    run: (node: SimulatedNode) => Promise<SendResult>,
  ): Promise<Answer> {
    const { kind, id, command, commandId } = call;
    const who = `${by.role} ${by.id}`;
    deps.tell(`${who} sends ${command.type} to ${id} (${commandId})`, id);
    const done = calls.begin({
      ...{ actor: `${kind}/${id}`, client: by.id, at: timeline.now },
      ...{ does: command.type, commandId },
    });
    const answer = await tryOn();
    done({ at: timeline.now, ...answer });
    deps.tell(`${who} is told ${commandId} ${describe(answer)}`, id);
    return answer;

    async function tryOn(): Promise<Answer> {
      for (let tries = 0; tries < MAX_TRIES; tries++) {
        const got = await once(run);
        if (got && 'value' in got) {
          const { seq, result } = got.value;
          return { outcome: 'ok', seq, result };
        }
        if (got) {
          const { error } = got;
          if (isAppError(error) && !error.retryable) return { outcome: 'fail', code: error.code };
        }
        await sleep(chance.between(150, 900) * (1 + tries / 2));
      }
      return { outcome: 'unknown' };
    }
  }

  /** What a node answers is recorded where it is given, whether or not it arrives. */
  const witnessed =
    (
      by: Principal,
      call: CommandCall,
      run: (node: SimulatedNode) => Promise<SendResult>,
      asked: Asked = call,
    ) =>
    async (node: SimulatedNode): Promise<SendResult> => {
      const onRefused = judge.onAsked(by, asked);
      try {
        const taken = await run(node);
        judge.onAnswered({ ...call, seq: taken.seq, result: taken.result });
        return taken;
      } catch (error) {
        if (isAppError(error) && !error.retryable) onRefused(error.code);
        if (!isAppError(error) && !(error instanceof InjectedFault)) {
          judge.onError(`${node.process.name} answers ${call.command.type}`, error);
        }
        throw error;
      }
    };

  return {
    command: (by, call) =>
      send(
        by,
        call,
        witnessed(by, call, ({ engine }) => engine.send({ ...call, by })),
      ),

    give(by, how, orderId, driverId, commandId) {
      const type = how === 'offerTo' ? 'offer.open' : 'order.assign';
      const call = { kind: 'order', id: orderId, command: { type }, commandId };
      const run = witnessed(
        by,
        call,
        ({ dispatch }) => dispatch[how]({ orderId, driverId, by, reason: 'by hand', commandId }),
        { kind: 'order', id: orderId, commandId },
      );
      return send(by, call, run);
    },

    async read(by, kind, id) {
      const done = calls.begin({
        ...{ actor: `${kind}/${id}`, client: by.id, at: timeline.now, does: 'read' },
      });
      const got = await once(({ engine }) => engine.read(kind, id));
      const actor = got && 'value' in got ? got.value : undefined;
      done({
        at: timeline.now,
        ...(actor ? { outcome: 'ok', seq: actor.seq } : { outcome: 'unknown' }),
      });
      return actor;
    },

    async ask(_what, question) {
      const got = await once(question);
      return got && 'value' in got ? got.value : undefined;
    },

    report(driverId, point) {
      if (faults.strike('request lost', RISKS.lost)) return;
      const serving = deps.nodes().filter((node) => node.servesSince !== undefined);
      if (serving.length === 0) return;
      const node = chance.pick(serving);
      timeline.after(
        latency(),
        () => node.dispatch.fleet.report(driverId, { point }),
        node.process,
      );
    },
  };
}

function describe(answer: Answer): string {
  switch (answer.outcome) {
    case 'ok':
      return `is taken as #${answer.seq}`;
    case 'fail':
      return `is refused: ${answer.code}`;
    case 'unknown':
      return 'is not known to be taken or not';
  }
}
