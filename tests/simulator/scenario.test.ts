import { describe, expect, it } from '@jest/globals';
import { metersBetween } from '../../src/simulator/ground.ts';
import { type City, createScenario } from '../../src/simulator/scenario.ts';
import { PLANNED, STORIES } from '../../src/simulator/stories.ts';

const store = (storeId: string, lat: number, lng: number) => ({
  storeId,
  lat,
  lng,
  productIds: ['milk', 'bread', 'apples'],
});
const city: City = {
  neighbourhoods: [
    { zone: 'old-town', driverless: false, stores: [store('s1', 52, 13)] },
    { zone: 'harbour', driverless: false, stores: [store('s2', 52.1, 13)] },
    { zone: 'hill', driverless: true, stores: [store('s3', 52.5, 13)] },
  ],
};
const day = (options: { seed?: number; orders?: number } = {}) =>
  createScenario({
    seed: 7,
    orders: 300,
    drivers: 60,
    customers: 60,
    city,
    ...options,
  });

describe('scenario', () => {
  it('[SIM1] is the same for the same seed, and another for another', () => {
    expect(day()).toEqual(day());
    expect(day({ seed: 8 })).not.toEqual(day());
  });

  it('[SIM1] takes nothing from the order in which its parts are read', () => {
    // Forked dice: an order more changes nothing about the drivers.
    expect(day({ orders: 301 }).drivers.map((d) => d.home)).toEqual(
      day().drivers.map((d) => d.home),
    );
  });

  it('[SIM2] reserves its first orders for one of each planned story, rescued for certain', () => {
    for (let seed = 0; seed < 50; seed++) {
      const { orders } = day({ seed, orders: PLANNED.length });
      expect(orders.map((order) => order.story.name)).toEqual(PLANNED);
      const rescued = orders.find((order) => order.story.name === 'rescue');
      expect(rescued).toMatchObject({
        zone: 'hill',
        story: { rescue: 'assign' },
      });
    }
  });

  it('[SIM2] tells every story over a few days', () => {
    const told = new Set(
      [1, 2, 3].flatMap((seed) => day({ seed }).orders.map((order) => order.story.name)),
    );
    expect([...told].sort()).toEqual(Object.keys(STORIES).sort());
  });

  it('[SIM3] has a lunch and a dinner peak', () => {
    const { orders, dayMs } = day({ orders: 2_000 });
    const during = (from: number, to: number) =>
      orders.filter(({ placeAt }) => placeAt >= from * dayMs && placeAt < to * dayMs).length;
    const afternoon = during(0.42, 0.52);
    expect(during(0.16, 0.26)).toBeGreaterThan(1.8 * afternoon);
    expect(during(0.7, 0.8)).toBeGreaterThan(1.8 * afternoon);
  });

  it('[SIM3] has people who answer after a median of about seven seconds', () => {
    const answers = day({ orders: 2_000 })
      .orders.map((order) => order.story.answerMs)
      .sort((a, b) => a - b);
    expect(answers[1_000]).toBeGreaterThan(6_300);
    expect(answers[1_000]).toBeLessThan(7_700);
  });

  it("[SIM4] delivers near the store and never overlaps a driver's silences", () => {
    const { orders, drivers } = day();
    const stores = new Map(city.neighbourhoods.flatMap((n) => n.stores.map((s) => [s.storeId, s])));
    for (const order of orders) {
      const from = stores.get(order.storeId);
      if (!from) throw new Error(order.storeId);
      expect(metersBetween(from, order.dropoff)).toBeLessThan(910);
    }
    const silent = drivers.filter((driver) => driver.silences.length > 0);
    expect(silent.length).toBeGreaterThan(0);
    for (const { silences } of silent)
      for (const [i, silence] of silences.entries())
        expect(silences[i + 1]?.at ?? Infinity).toBeGreaterThan(silence.at + silence.forMs);
    expect(drivers.every((driver) => driver.zone !== 'hill')).toBe(true);
  });

  it('[SIM4] refuses a city without a neighbourhood that has no drivers', () => {
    expect(() =>
      createScenario({
        seed: 1,
        orders: 1,
        drivers: 1,
        customers: 1,
        city: { neighbourhoods: city.neighbourhoods.slice(0, 2) },
      }),
    ).toThrow('without drivers');
  });
});
