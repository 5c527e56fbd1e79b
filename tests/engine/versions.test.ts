import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ActorKind } from '../../src/engine/actor-kind.ts';
import { createWorld, type World, type WorldNode } from '../support/engine-world.ts';
import { lampKind } from '../support/lamp-kind.ts';

const ann = { role: 'customer', id: 'ann' } as const;

/** Lamps of a later release, which still carries the first. */
const newer: ActorKind = {
  ...lampKind,
  currentVersion: 2,
  machines: new Map(
    [1, 2].flatMap((version) => [...lampKind.machines].map(([, m]) => [version, m])),
  ),
};

describe('machine versions', () => {
  let world: World;
  beforeEach(() => {
    world = createWorld();
  });

  const send = (node: WorldNode, id: string, type: string) =>
    node.engine.send({ kind: 'lamp', id, by: ann, command: { type, forMs: 3_000 } });
  const versionOf = async (node: WorldNode, id: string) =>
    (await node.engine.read('lamp', id))?.machineVersion;
  const stepsOf = async (node: WorldNode, id: string) =>
    (await node.store.history('lamp', id, 0)).map(({ event }) => event.type);

  it('[ENG22] of new actors are what every live node carries', async () => {
    const old = await world.node('old');
    const next = await world.node('next', { kind: newer });
    await send(next, 'l1', 'lamp.make');
    expect(await versionOf(next, 'l1')).toBe(1);
    await old.stop();
    await world.clock.advance(2_000);
    await send(next, 'l2', 'lamp.make');
    expect(await versionOf(next, 'l2')).toBe(2);
    await next.stop();
  });

  it('[ENG21] stay with the actor, whatever is newest', async () => {
    const old = await world.node('old');
    await send(old, 'l1', 'lamp.make');
    await old.stop();
    const next = await world.node('next', { kind: newer });
    await send(next, 'l1', 'lamp.light');
    expect(await versionOf(next, 'l1')).toBe(1);
    await next.stop();
  });

  it('[ENG21] that a node lacks are refused as retryable, and their deadlines left to others', async () => {
    const next = await world.node('next', { kind: newer });
    await send(next, 'l1', 'lamp.make');
    await send(next, 'l1', 'lamp.light');
    await next.stop();
    const old = await world.node('old');
    await expect(send(old, 'l1', 'lamp.extend')).rejects.toMatchObject({
      code: 'wrong_version',
      retryable: true,
    });
    await world.clock.advance(30_000);
    expect(await stepsOf(old, 'l1')).toEqual(['lamp.make', 'lamp.light']);
    expect(old.alarms).toEqual([]);
    const again = await world.node('again', { kind: newer });
    await world.clock.advance(4_000);
    expect(await stepsOf(again, 'l1')).toEqual(['lamp.make', 'lamp.light', 'lamp.timeout']);
    await again.stop();
    await old.stop();
  });
});
