import { createHash } from 'node:crypto';
import type { Service } from '#model/project.ts';
import { orderedService } from './ordered.ts';

/** Attributes whose change does not call for a new container. */
const irrelevant = new Set(['build', 'pull_policy', 'scale', 'depends_on', 'profiles']);

type Plain = Readonly<Record<string, unknown>>;

/**
 * The fingerprint of a service's container configuration, equal to that of `docker compose config --hash`: SHA-256 of
 * the service's JSON as the reference writes it.
 */
export function hashService(service: Service): string {
  const kept = Object.fromEntries(Object.entries(service).filter(([key]) => !irrelevant.has(key)));
  const whole = { ...kept, command: service.command ?? null, entrypoint: service.entrypoint ?? null };
  return createHash('sha256').update(referenceJson(whole)).digest('hex');
}

/** JSON as the reference writes it: no extensions, sections that are never absent, `<`, `>` and `&` escaped. */
function referenceJson(service: Plain): string {
  const known: Record<string, unknown> = { ...service };
  if (isObject(known.deploy)) known.deploy = completeDeploy(known.deploy);
  if (isObject(known.develop)) known.develop = completeDevelop(known.develop);
  if (isObject(known.blkio_config)) known.blkio_config = completeBlkio(known.blkio_config);
  if (isObject(known.ulimits)) known.ulimits = withoutZeroLimits(known.ulimits);
  for (const hooks of ['pre_start', 'post_start', 'pre_stop']) {
    if (Array.isArray(known[hooks])) known[hooks] = known[hooks].map(completeHook);
  }
  return JSON.stringify(orderedService(known, 'dropped')).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function completeDeploy(deploy: Plain): Plain {
  const { replicas: _replicas, ...rest } = deploy;
  return { ...rest, resources: rest.resources ?? {}, placement: rest.placement ?? {} };
}

function completeDevelop(develop: Plain): Plain {
  if (!Array.isArray(develop.watch)) return develop;
  const watch = (develop.watch as readonly Plain[]).map((one) => ({ ...one, exec: completeHook(one.exec ?? {}) }));
  return { ...develop, watch };
}

function completeHook(hook: unknown): unknown {
  return isObject(hook) ? { ...hook, command: hook.command ?? null } : hook;
}

/** Settings of block devices have no JSON names in the reference. */
function completeBlkio(blkio: Plain): Plain {
  return mapValues(blkio, (value) => (Array.isArray(value) ? value.map(capitalised) : value));
}

function capitalised(entry: unknown): unknown {
  if (!isObject(entry)) return entry;
  return Object.fromEntries(
    Object.entries(entry).map(([key, value]) => [`${key.charAt(0).toUpperCase()}${key.slice(1)}`, value]),
  );
}

/** A zero of a pair of limits is not written. */
function withoutZeroLimits(ulimits: Plain): Plain {
  return mapValues(ulimits, (limit) => {
    if (!isObject(limit)) return limit;
    return Object.fromEntries(Object.entries(limit).filter(([, value]) => value !== 0));
  });
}

function mapValues(object: Plain, change: (value: unknown) => unknown): Plain {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}

function isObject(value: unknown): value is Plain {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
