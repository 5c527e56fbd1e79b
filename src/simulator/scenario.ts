import { createDice, type Dice } from './dice.ts';
import { offset, type Place } from './ground.ts';
import { PLANNED, STORIES, type Story, writeStory } from './stories.ts';

/** The city as the server describes it, cut down to what a day's plan needs. */
export interface City {
  neighbourhoods: Neighbourhood[];
}

export interface Neighbourhood {
  zone: string;
  stores: CityStore[];
  /** Nobody drives here: its orders meet the rescue lane. */
  driverless: boolean;
}

export interface CityStore extends Place {
  storeId: string;
  productIds: string[];
}

/** Every duration and instant of a scenario is in unscaled ms; instants count from the opening. */
export interface Scenario {
  seed: number;
  /** From the opening to the last order. */
  dayMs: number;
  orders: PlannedOrder[];
  drivers: PlannedDriver[];
}

export interface PlannedOrder {
  /** 0 .. n-1, by `placeAt`. */
  index: number;
  placeAt: number;
  /** Which of the customers places it. */
  customer: number;
  storeId: string;
  zone: string;
  items: { productId: string; quantity: number }[];
  dropoff: Place;
  /** From placing to bags on the counter. */
  packMs: number;
  story: Story;
}

export interface PlannedDriver {
  index: number;
  zone: string;
  home: Place;
  /** Orders carried at once. */
  capacity: 1 | 2;
  startAt: number;
  metersPerSecond: number;
  /** No signal from `at` on, for `forMs`; in order, never overlapping. */
  silences: { at: number; forMs: number }[];
}

export interface ScenarioOptions {
  seed: number;
  orders: number;
  drivers: number;
  customers: number;
  city: City;
}

/** One order takes a driver about this long, door to door. */
const TRIP_MS = 5.5 * 60_000;
/** Share of the drivers' time that is asked for on average; the peaks take nearly all of it. */
const MEAN_LOAD = 0.45;
const SHORTEST_DAY_MS = 10 * 60_000;
const DROPOFF_METERS = { min: 150, max: 900 };

/**
 * A day of the demo: who orders what, when, and what happens to it. The same options give the same
 * day. Arrivals are Poisson with a lunch and a dinner peak; the length of the day follows from how
 * much the drivers can carry. The first orders are reserved for one story of each planned kind.
 * @throws {Error} when the city has no store, or no neighbourhood with and one without drivers
 */
export function createScenario(options: ScenarioOptions): Scenario {
  const { seed, city } = options;
  const driven = city.neighbourhoods.filter((n) => !n.driverless);
  const driverless = city.neighbourhoods.filter((n) => n.driverless);
  if (driven.length === 0 || driverless.length === 0)
    throw new Error('the demo needs neighbourhoods with stores, one of them without drivers');

  const dice = createDice(seed);
  const dayMs = Math.max(
    SHORTEST_DAY_MS,
    (options.orders * TRIP_MS) / (options.drivers * MEAN_LOAD),
  );
  const arrivals = Array.from({ length: options.orders }, () => arrivalOf(dice) * dayMs).sort(
    (a, b) => a - b,
  );

  return {
    seed,
    dayMs,
    orders: arrivals.map((placeAt, index) => {
      const own = dice.fork(index);
      const planned = PLANNED[index];
      const name = planned ?? own.weighted(STORIES);
      return planOrder({
        index,
        placeAt,
        dice: own,
        story: writeStory(name, own, planned !== undefined),
        neighbourhood: own.pick(name === 'rescue' ? driverless : driven),
        customers: options.customers,
      });
    }),
    drivers: Array.from({ length: options.drivers }, (_, index) =>
      planDriver({
        index,
        dice: dice.fork(-1 - index),
        neighbourhood: driven[index % driven.length] as Neighbourhood,
        dayMs,
      }),
    ),
  };
}

/**
 * When one order arrives, as a share of the day (10:00 to 22:00). A Poisson process of which the
 * total is given is that many independent draws from its intensity.
 */
function arrivalOf(dice: Dice): number {
  const hour = dice.weighted({ any: 0.4, lunch: 0.25, dinner: 0.35 });
  const at = hour === 'any' ? dice.next() : bell(dice, hour === 'lunch' ? 0.21 : 0.75, 0.08);
  return Math.min(Math.max(at, 0), 1);
}

/** About normal: the sum of twelve uniforms has deviation 1. */
function bell(dice: Dice, mean: number, deviation: number): number {
  let sum = -6;
  for (let i = 0; i < 12; i++) sum += dice.next();
  return mean + deviation * sum;
}

function planOrder(plan: {
  index: number;
  placeAt: number;
  dice: Dice;
  story: Story;
  neighbourhood: Neighbourhood;
  customers: number;
}): PlannedOrder {
  const { dice, neighbourhood } = plan;
  const store = dice.pick(neighbourhood.stores);
  const first = dice.index(store.productIds.length);
  const kinds = Math.min(1 + dice.index(4), store.productIds.length);
  return {
    index: plan.index,
    placeAt: plan.placeAt,
    customer: plan.index % plan.customers,
    storeId: store.storeId,
    zone: neighbourhood.zone,
    items: Array.from({ length: kinds }, (_, i) => ({
      productId: store.productIds[(first + i) % store.productIds.length] as string,
      quantity: 1 + dice.index(3),
    })),
    dropoff: around(dice, store, DROPOFF_METERS),
    packMs: dice.lognormal(90_000, 0.4),
    story: plan.story,
  };
}

function planDriver(plan: {
  index: number;
  dice: Dice;
  neighbourhood: Neighbourhood;
  dayMs: number;
}): PlannedDriver {
  const { dice, neighbourhood, dayMs } = plan;
  const silences = [];
  // One driver in five meets dead spots; the first of them not before the day is under way.
  if (dice.next() < 0.2)
    for (
      let at = dice.between(0.1, 0.5) * dayMs;
      at < dayMs && silences.length < 3;
      at += dice.between(0.2, 0.4) * dayMs
    )
      silences.push({ at, forMs: Math.min(dice.lognormal(40_000, 0.5), 90_000) });
  return {
    index: plan.index,
    zone: neighbourhood.zone,
    home: around(dice, dice.pick(neighbourhood.stores), { min: 50, max: 800 }),
    capacity: dice.next() < 0.25 ? 2 : 1,
    startAt: dice.between(0, 20_000),
    metersPerSecond: dice.between(7, 11),
    silences,
  };
}

function around(dice: Dice, centre: Place, distance: { min: number; max: number }): Place {
  const meters = dice.between(distance.min, distance.max);
  const angle = dice.between(0, 2 * Math.PI);
  return offset(centre, meters * Math.cos(angle), meters * Math.sin(angle));
}
