/** From the first part of a time to the end of its last one. @param starts of its parts, in order, as long as each other */
export function spanOf(starts: ArrayLike<number>): [from: number, to: number] {
  const [first = 0, second = first + 1] = Array.from(starts);
  return [first, (starts[starts.length - 1] ?? first) + second - first];
}
