/** A reproducible source of chance: the same seed throws the same sequence on every machine. */
export interface Dice {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform in [min, max). */
  between(min: number, max: number): number;
  /** Uniform over 0 .. count-1. */
  index(count: number): number;
  pick<T>(list: readonly T[]): T;
  /** One of the keys, each as likely as its weight says. */
  weighted<K extends string>(weights: Record<K, number>): K;
  /** Lognormal with this median; sigma is the deviation of the logarithm. */
  lognormal(median: number, sigma: number): number;
  /** Independent dice: throwing them changes nothing for the others. */
  fork(label: number): Dice;
}

/** @param seed any integer; its low 32 bits count */
export function createDice(seed: number): Dice {
  const next = mulberry32(seed);
  const dice: Dice = {
    next,
    between: (min, max) => min + next() * (max - min),
    index: (count) => Math.floor(next() * count),
    pick<T>(list: readonly T[]): T {
      const chosen = list[dice.index(list.length)];
      if (chosen === undefined) throw new Error('nothing to pick from');
      return chosen;
    },
    weighted<K extends string>(weights: Record<K, number>): K {
      const entries = Object.entries(weights) as [K, number][];
      const total = entries.reduce((sum, [, weight]) => sum + weight, 0);
      let left = next() * total;
      for (const [key, weight] of entries) {
        left -= weight;
        if (left < 0) return key;
      }
      return (entries[entries.length - 1] as [K, number])[0];
    },
    lognormal(median, sigma) {
      // Box–Muller; 1 - next() keeps the logarithm finite.
      const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
      return median * Math.exp(sigma * normal);
    },
    fork: (label) =>
      createDice(Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) + Math.imul(label + 1, 0xc2b2ae35)),
  };
  return dice;
}

function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
