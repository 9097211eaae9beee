import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { fail } from '#core/errors.ts';
import type { InstanceSpec } from '#model/instance.ts';
import type { Mount } from '#model/project.ts';
import type { Home } from '../home.ts';
import { coverPoint, isBelow } from './cover.ts';
import type { Point } from './mount-points.ts';
import type { MountOrder } from './order.ts';
import type { User } from './user.ts';

/** A file or folder of the instance's own folder, shown at `target`. */
export interface PrivateMount {
  readonly source: string;
  readonly target: string;
  readonly kind: 'file' | 'folder';
  readonly readOnly: boolean;
}

interface MountInput {
  readonly instance: InstanceSpec;
  readonly home: Home;
  readonly user: User | undefined;
  /** hosts, resolv.conf, secrets, configs, a provider's folders. */
  readonly own: readonly PrivateMount[];
  /** Where the instance's code stands, with a layer to write to; undefined where it runs no snapshot. */
  readonly snapshot: { readonly path: string; readonly layer: string | undefined } | undefined;
  /** Paths of the home that it must see, besides. */
  readonly shown: readonly string[];
  readonly stage: string;
}

export interface MountPlan {
  readonly orders: readonly MountOrder[];
  /** What must stand on the machine before. */
  readonly points: readonly Point[];
}

/**
 * All mounts of an instance, in the order in which they are made: its code, then everything with a target from the
 * top down, then the cover over the home, then `read_only`.
 *
 * @throws RUNTIME_BIND_MISSING when the source of a bind mount is not there: it is never made
 */
export function planMounts(input: MountInput): MountPlan {
  const { instance, snapshot } = input;
  const all = [...volumeOrders(input), ...tmpfsOrders(instance), ...deviceOrders(instance), ...input.own.map(ownOrder)];
  const targeted = all.toSorted((a, b) => (a.target < b.target ? -1 : 1));
  const targets = targeted.map((one) => one.target);
  const orders: MountOrder[] = [...overlay(snapshot), ...targeted, cover(input, targets)];
  if (instance.spec.service.read_only === true) {
    orders.push({ kind: 'read-only', except: [...targets, ...input.shown] });
  }
  return { orders, points: pointsOf(targeted) };
}

type Targeted = Extract<MountOrder, { kind: 'bind' | 'tmpfs' }>;

function overlay(snapshot: MountInput['snapshot']): MountOrder[] {
  if (snapshot?.layer === undefined) return [];
  const { path, layer } = snapshot;
  return [{ kind: 'overlay', lower: path, upper: `${layer}/upper`, work: `${layer}/work`, target: path }];
}

function cover({ home, user, snapshot, shown, stage }: MountInput, targets: readonly string[]): MountOrder {
  const point = coverPoint(home.root, user);
  const wanted = [...(snapshot === undefined ? [] : [snapshot.path]), ...shown, ...targets];
  const below = [...new Set(wanted)].filter((path) => path !== point && isBelow(path, point));
  // A path inside another that is shown comes with it.
  const keep = below.filter((path) => !below.some((other) => other !== path && isBelow(path, other)));
  return { kind: 'cover', point, stage, keep };
}

function volumeOrders({ instance, home }: MountInput): Targeted[] {
  return (instance.spec.service.volumes ?? []).map((mount): Targeted => {
    const target = mount.target;
    if (mount.type === 'tmpfs') return { kind: 'tmpfs', target, options: tmpfsOptions(mount) };
    const source = mount.type === 'volume' ? volumeSource(mount, instance, home) : bindSource(mount, instance);
    const file = mount.type !== 'volume' && !statSync(source).isDirectory();
    return { kind: 'bind', source, target, readOnly: mount.read_only === true, file };
  });
}

function bindSource(mount: Mount, instance: InstanceSpec): string {
  const source = resolve(instance.directory, mount.source ?? '');
  if (!existsSync(source)) {
    throw fail('RUNTIME_BIND_MISSING', { service: instance.service, source, target: mount.target });
  }
  return source;
}

function volumeSource(mount: Mount, instance: InstanceSpec, home: Home): string {
  const root = home.volume(volumeName(mount, instance));
  const { subpath } = (mount.volume ?? {}) as { readonly subpath?: unknown };
  if (typeof subpath !== 'string' || subpath === '') return root;
  const inside = resolve(root, subpath);
  if (!isBelow(inside, root) || !existsSync(inside)) {
    throw fail('RUNTIME_BIND_MISSING', { service: instance.service, source: inside, target: mount.target });
  }
  return inside;
}

/** A volume without a name gets one from its place, so that its data outlives the instance like any other's. */
export function volumeName(mount: Mount, instance: InstanceSpec): string {
  if (mount.source !== undefined && mount.source !== '') return instance.volumes[mount.source] ?? mount.source;
  const place = createHash('sha256').update(mount.target).digest('hex').slice(0, 12);
  return `${instance.project}_${instance.service}_${place}`;
}

function tmpfsOptions(mount: Mount): string {
  const { size, mode } = (mount.tmpfs ?? {}) as { readonly size?: unknown; readonly mode?: unknown };
  const sized = size === undefined ? [] : [`size=${String(size)}`];
  const permitted = mode === undefined ? 'mode=1777' : `mode=${Number(mode).toString(8)}`;
  return [...sized, permitted].join(',');
}

function tmpfsOrders(instance: InstanceSpec): Targeted[] {
  const { tmpfs, shm_size: shared } = instance.spec.service;
  const listed = (tmpfs ?? []).map((entry): Targeted => {
    const [target = '', options = ''] = entry.split(':');
    return { kind: 'tmpfs', target, options: options === '' ? 'mode=1777' : options };
  });
  if (shared === undefined) return listed;
  return [...listed, { kind: 'tmpfs', target: '/dev/shm', options: `mode=1777,size=${String(shared)}` }];
}

/** Devices are open as they are; only one that is to stand elsewhere has to be shown there. */
function deviceOrders({ spec, service }: InstanceSpec): Targeted[] {
  const { devices } = spec.service;
  const wanted = Array.isArray(devices) ? (devices as { readonly source?: unknown; readonly target?: unknown }[]) : [];
  return wanted.flatMap(({ source, target = source }): Targeted[] => {
    if (typeof source !== 'string' || typeof target !== 'string') return [];
    if (!existsSync(source)) throw fail('RUNTIME_BIND_MISSING', { service, source, target });
    return source === target ? [] : [{ kind: 'bind', source, target, readOnly: false, file: true }];
  });
}

function ownOrder({ source, target, kind, readOnly }: PrivateMount): Targeted {
  return { kind: 'bind', source, target, readOnly, file: kind === 'file' };
}

/** A target inside another mount is made there, by the launcher; the others stand on the machine. */
function pointsOf(targeted: readonly Targeted[]): Point[] {
  const inside = (path: string): boolean =>
    targeted.some((other) => other.target !== path && isBelow(path, other.target));
  return targeted
    .filter((one) => !inside(one.target))
    .map((one) => ({ path: one.target, kind: one.kind === 'bind' && one.file ? 'file' : 'folder' }));
}
