/**
 * The source of a file with the seeded fault in it, if the process runs with one and it is of this
 * file; else the source as it is. JavaScript, because it runs before anything can load TypeScript.
 * @param {string} path
 * @param {string} source
 * @returns {string}
 * @throws {Error} when the fault no longer fits the file
 */
export function mutate(path, source) {
  const mutant = mutantOf(process.env.WAYBILL_MUTANT);
  if (!mutant || !path.endsWith(`/${mutant.file}`)) return source;
  const [before, after, ...more] = source.split(mutant.find);
  if (after === undefined || more.length > 0) {
    throw new Error(`mutant ${mutant.name} no longer applies to ${mutant.file}`);
  }
  return before + mutant.replace + after;
}

/** @returns {{ name: string, file: string, find: string, replace: string } | undefined} */
const mutantOf = (text) => (text ? JSON.parse(text) : undefined);
