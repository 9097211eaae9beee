/**
 * `NAME=VALUE` words as a mapping. `NAME` alone takes the value from here, as in Compose: a variable that is not set here
 * is not set there.
 */
export function readAssignments(words: readonly string[], env: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  const pairs = words.flatMap((one): [string, string][] => {
    const equals = one.indexOf('=');
    if (equals >= 0) return [[one.slice(0, equals), one.slice(equals + 1)]];
    const value = env[one];
    return value === undefined ? [] : [[one, value]];
  });
  return Object.fromEntries(pairs);
}
