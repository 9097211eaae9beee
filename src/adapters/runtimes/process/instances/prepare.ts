import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fail } from '#core/errors.ts';
import { diskError } from '../atomic-file.ts';
import { chainOf } from '../launch/chain.ts';
import { isBelow } from '../launch/cover.ts';
import { environmentOf } from '../launch/environment.ts';
import { hostsFile, resolverFile } from '../launch/hosts.ts';
import type { Point } from '../launch/mount-points.ts';
import { type PrivateMount, planMounts, volumeName } from '../launch/mounts.ts';
import type { MountOrder } from '../launch/order.ts';
import { resolveUser, type User } from '../launch/user.ts';
import type { Parts } from '../parts.ts';
import { argumentsOf } from '../source/resolve.ts';
import { snapshotPath } from '../source/snapshot.ts';
import { instancePath } from '../tools.ts';
import { giveVolume, makeVolume } from '../volumes.ts';
import type { InstanceFolder } from './folder.ts';
import { type Provided, providedStart, writeWrappers } from './provided.ts';
import type { InstanceRecord } from './state.ts';

/** How a run of an instance, or a command inside of it, comes about. */
export interface Described {
  readonly hostname: string;
  /** Programs that lead to the instance's own user, folder and limits; its arguments follow. */
  readonly chain: readonly string[];
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly user: User | undefined;
  readonly provided: Provided | undefined;
  /** Where its code stands. */
  readonly snapshot: string | undefined;
}

/** What its namespace must hold before it starts. */
export interface Staged {
  readonly mounts: readonly MountOrder[];
  readonly points: readonly Point[];
}

interface Input {
  readonly parts: Parts;
  readonly record: InstanceRecord;
  readonly folder: InstanceFolder;
}

type Known = Input & Pick<Described, 'user' | 'provided' | 'snapshot'>;

/**
 * Works out how an instance runs. Writes nothing.
 *
 * @throws RUNTIME_NOT_PREPARED, RUNTIME_USER_UNKNOWN, RUNTIME_ENV_NAME, RUNTIME_ENV_VALUE, PROVIDER_MISSING
 */
export async function describeInstance(input: Input): Promise<Described> {
  const { parts, record, folder } = input;
  const { spec } = record.spec;
  const provided = providedStart(record, folder);
  const user = await userOf(input, provided);
  const snapshot = snapshotOf(input);
  const known: Known = { ...input, provided, user, snapshot };
  const { tools, abilities } = parts;
  const env = environmentOf({
    instance: record.spec,
    address: record.address,
    path: instancePath(provided?.path),
    home: user?.home ?? userInfo().homedir,
    ...(provided === undefined ? {} : { provided: provided.environment }),
  });
  return {
    hostname: hostnameOf(record),
    chain: chainOf({ service: spec.service, user, cwd: workingFolder(known), tools, abilities }),
    argv: argvOf(known),
    env,
    user,
    provided,
    snapshot,
  };
}

/**
 * Writes the instance's private files and plans its mounts. Doing it again gives the same.
 *
 * @throws RUNTIME_BIND_MISSING, RUNTIME_NO_NAMESPACE
 */
export function stageInstance(input: Input, described: Described): Staged {
  const known: Known = { ...input, ...described };
  try {
    makeFolders(known);
    return mountsOf(known, described.hostname);
  } catch (error) {
    throw diskError(error, input.folder.path);
  }
}

function hostnameOf({ spec: { spec, id } }: InstanceRecord): string {
  return spec.service.hostname ?? (spec.service.uts === 'host' ? hostname() : id);
}

async function userOf({ parts, record }: Input, provided: Provided | undefined): Promise<User | undefined> {
  const { service } = record.spec.spec;
  const { tools, abilities } = parts;
  const groupAdd = (service.group_add ?? []).map(String);
  if (service.user !== undefined && service.user !== '') {
    const user = await resolveUser(service.user, { groupAdd, tools });
    if (!abilities.root && user.uid !== process.getuid?.()) throw fail('RUNTIME_USER_ROOT', { user: service.user });
    return user;
  }
  if (!abilities.root) return undefined;
  if (provided !== undefined) return resolveUser(provided.account, { tools }).catch(() => undefined);
  return groupAdd.length === 0 ? undefined : resolveUser('root', { groupAdd, tools });
}

function snapshotOf({ parts, record }: Input): string | undefined {
  const { source, name } = record.spec.spec;
  if (source.kind !== 'tree') return undefined;
  const path = snapshotPath(parts.home, record.spec.project, name, source);
  if (!existsSync(path)) throw fail('RUNTIME_NOT_PREPARED', { service: name, revision: source.revision });
  return path;
}

function makeFolders({ parts, record, folder, provided, user }: Known): void {
  for (const path of [folder.stage, folder.etc, folder.data, join(folder.layer, 'upper'), join(folder.layer, 'work')]) {
    mkdirSync(path, { recursive: true, mode: 0o755 });
  }
  if (parts.abilities.root && user !== undefined) chownSync(folder.data, user.uid, user.gid);
  for (const mount of record.spec.spec.service.volumes ?? []) {
    const owned = provided?.owns.includes(mount.target) === true;
    if (mount.type === 'volume') {
      const path = makeVolume(parts.home, volumeName(mount, record.spec));
      if (user !== undefined) giveVolume(path, user, owned ? 'all' : 'fresh');
    } else if (owned && user !== undefined) {
      const source = resolve(record.spec.directory, mount.source ?? '');
      if (existsSync(source)) giveVolume(source, user, 'all');
    }
  }
  if (provided !== undefined) writeWrappers(folder, provided.wrappers);
}

function mountsOf(known: Known, name: string): Staged {
  const { parts, record, folder, user, snapshot, provided } = known;
  const { spec: instance, address } = record;
  const { namespaces, overlay } = parts.abilities;
  if (namespaces === 'none') return withoutNamespace(known);
  const machine = machineFile('/etc/hosts');
  writeFileSync(folder.hosts, hostsFile({ instance, address, hostname: name, machine }), { mode: 0o644 });
  const own: PrivateMount[] = [
    { source: folder.hosts, target: '/etc/hosts', kind: 'file', readOnly: false },
    ...resolver(known),
    ...grantedFiles(known),
    ...providerFolders(known),
  ];
  const shownAt = snapshotTarget(known);
  if (snapshot !== undefined && shownAt !== undefined) {
    own.push({ source: snapshot, target: shownAt, kind: 'folder', readOnly: false });
  }
  const layer = overlay ? folder.layer : undefined;
  const node = dirname(process.execPath);
  const plan = planMounts({
    instance,
    home: parts.home,
    user,
    own,
    snapshot: snapshot === undefined ? undefined : { path: snapshot, layer },
    shown: [folder.etc, folder.data, node, ...(provided === undefined ? [] : [folder.bin])],
    stage: folder.stage,
  });
  return { mounts: plan.orders, points: plan.points };
}

/** Nothing can be mounted: a service that needs that is refused rather than run without its data. */
function withoutNamespace({ record }: Known): Staged {
  const { service, files } = record.spec.spec;
  const needs = [...(service.volumes ?? []).map((one) => one.target), ...files.map((one) => one.target)];
  if (needs.length > 0) throw fail('RUNTIME_NO_NAMESPACE', { service: record.spec.service, needs: needs.join(', ') });
  return { mounts: [], points: [] };
}

function resolver({ record, folder }: Known): PrivateMount[] {
  const path = '/etc/resolv.conf';
  const content = resolverFile(record.spec.spec.service, machineFile(path));
  if (content === undefined) return [];
  writeFileSync(folder.resolver, content, { mode: 0o644 });
  return [{ source: folder.resolver, target: path, kind: 'file', readOnly: true }];
}

/** A bare machine has neither of the two files that name others; that is as if they were empty. */
function machineFile(path: '/etc/hosts' | '/etc/resolv.conf'): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

/** Secrets and configs, each with its own owner and mode; without root they are all ours. */
function grantedFiles({ parts, record, folder }: Known): PrivateMount[] {
  rmSync(folder.files, { recursive: true, force: true });
  mkdirSync(folder.files, { mode: 0o700 });
  return record.spec.spec.files.map((file, index) => {
    const source = join(folder.files, String(index));
    writeFileSync(source, Buffer.from(file.content, 'base64'), { mode: 0o600 });
    if (parts.abilities.root) chownSync(source, file.uid, file.gid);
    chmodSync(source, file.mode);
    return { source, target: file.target, kind: 'file', readOnly: true } as const;
  });
}

function providerFolders({ parts, folder, provided, user }: Known): PrivateMount[] {
  return (provided?.folders ?? []).map((target, index) => {
    const source = join(folder.folders, String(index));
    mkdirSync(source, { recursive: true, mode: 0o755 });
    if (parts.abilities.root && user !== undefined) chownSync(source, user.uid, user.gid);
    return { source, target, kind: 'folder', readOnly: false } as const;
  });
}

/**
 * `working_dir` is where the image keeps the code: the snapshot is shown there too. A folder that the machine itself
 * has, or that a volume brings, is only gone into.
 */
function snapshotTarget({ parts, record, snapshot }: Known): string | undefined {
  const { working_dir: folder, volumes } = record.spec.spec.service;
  if (folder === undefined || snapshot === undefined) return undefined;
  const brought = (volumes ?? []).some((mount) => isBelow(folder, mount.target));
  return brought || (existsSync(folder) && !parts.mountPoints.made(folder)) ? undefined : folder;
}

function workingFolder(known: Known): string {
  const { record, provided, snapshot, parts } = known;
  const { service, process: options } = record.spec.spec;
  if (service.working_dir !== undefined && parts.abilities.namespaces !== 'none') {
    return snapshot === undefined ? service.working_dir : join(service.working_dir, options.cwd);
  }
  if (snapshot === undefined) return provided?.cwd ?? '/';
  return join(snapshot, resolve('/', options.cwd));
}

function argvOf({ record, provided }: Known): readonly string[] {
  const { service, process: options } = record.spec.spec;
  const argv = record.once ?? provided?.argv ?? argumentsOf(service, options);
  if (argv === undefined || argv.length === 0)
    throw fail('RUNTIME_NO_COMMAND', { service: record.spec.service, proposal: '["node", "server.js"]' });
  return argv;
}
