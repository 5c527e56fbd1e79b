/** Everything that a simulated world leaves to chance, from one seed: the same seed, the same draws. */
export interface Chance {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform in [from, to). */
  between(from: number, to: number): number;
  /** True in `share` of all cases, 0–1. */
  isTrue(share: number): boolean;
  pick<T>(of: readonly T[]): T;
  /** A stream of its own: what is drawn there does not move what is drawn here. */
  fork(name: string): Chance;
}

/** sfc32: 128 bits of state, passes PractRand; the first draws are thrown away to spread the seed. */
export function createChance(seed: number, name = ''): Chance {
  let [a, b, c, counter] = [seed | 0, hash(name), 0x9e3779b9 | 0, 1];
  const bits = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return sum >>> 0;
  };
  for (let i = 0; i < 15; i++) bits();

  const next = () => bits() / 4_294_967_296;
  return {
    next,
    between: (from, to) => from + next() * (to - from),
    isTrue: (share) => next() < share,
    pick: (of) => of[Math.floor(next() * of.length)] as (typeof of)[number],
    fork: (child) => createChance(seed, `${name}/${child}`),
  };
}

/** FNV-1a, 32 bits. */
export function hash(text: string, from = 0x811c9dc5): number {
  let value = from;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value;
}
