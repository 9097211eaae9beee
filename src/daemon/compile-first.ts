import { flushCompileCache } from 'node:module';

/** Exit code that asks whoever started the daemon to start it again: its code has been compiled meanwhile. */
export const compiledCode = 76;

/** Set for the second start, so that a cache that cannot be written does not make it a circle. */
const alreadyVariable = 'TIMONEL_DAEMON_COMPILED';

/**
 * Loads all code of the daemon. When that took Node's TypeScript loader, the compiled code is kept and the process
 * begins anew without the loader, which would stay in memory for weeks: 17 MB. Returns where nothing was to be compiled.
 */
export async function compileFirst(entry: string): Promise<void> {
  const { loadOnDemand } = await import('./wire.ts');
  if (!hasTypeScriptLoader() || process.env[alreadyVariable] !== undefined) return;
  // What is loaded later, on demand, should find itself compiled as well.
  await loadOnDemand.docker();
  flushCompileCache();
  // A new program in the same process cannot keep the channel to a parent that waits for word.
  if (process.send !== undefined) process.exit(compiledCode);
  const { execPath, execArgv, env } = process;
  process.execve?.(execPath, [execPath, ...execArgv, entry], { ...env, [alreadyVariable]: '1' });
}

/** Node lists the built-in modules that it has loaded; its types do not know the list. */
function hasTypeScriptLoader(): boolean {
  const loaded = Reflect.get(process, 'moduleLoadList') as readonly string[] | undefined;
  return loaded?.some((name) => name.includes('deps/amaro')) ?? false;
}

/** The environment of a start that must not ask for another one. */
export function secondStart(env: Readonly<Record<string, string>>): Record<string, string> {
  return { ...env, [alreadyVariable]: '1' };
}
