import { hostname } from 'node:os';
import type { Env } from './settings.ts';

/** The name of this running copy, sent as `X-Instance`: INSTANCE_ID, else host name and process id. */
export function instanceName(env: Env, pid: number): string {
  return env.INSTANCE_ID || `${hostname()}-${pid}`;
}
