/*
 * The first moments of an instance. The daemon starts this file as the instance's process, inside fresh namespaces;
 * it waits for its order on file descriptor 3, prepares the namespaces and becomes the program (execve, so the pid
 * stays and nothing lingers). It waits because the daemon first records the pid: if the daemon dies before that, the
 * pipe ends without an order and so does this process, and no instance ever runs that nobody knows of.
 *
 * It runs on its own from a copy in the home, with types stripped, so it imports nothing but Node.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { LaunchOrder, MountOrder } from './order.ts';

const door = 3;
const toolTimeoutMs = 10_000;

let act = 'order';

function run(order: LaunchOrder): void {
  for (const mount of order.mounts) {
    act = `${mount.kind} ${placeOf(mount)}`;
    mounters[mount.kind](mount as never, order.tools.mount);
  }
  act = 'hostname';
  if (order.hostname !== undefined) runTool(order.tools.hostname, [order.hostname]);
  act = 'oom_score_adj';
  setOomScore(order.oomScore);
  // Last, so that the memory this process needed itself does not count against the instance's limit.
  for (const group of order.groups) {
    act = `cgroup ${group}`;
    writeFileSync(group, '0');
  }
  act = `exec ${order.file}`;
  process.execve?.(order.file, [...order.args], { ...order.env });
  throw new Error('this Node cannot execve');
}

/** Without a score of its own it gets the usual one: not that of the daemon, which systemd protects from the kernel. */
function setOomScore(asked: number | undefined): void {
  const file = '/proc/self/oom_score_adj';
  const score = asked ?? Math.max(0, Number(readFileSync(file, 'utf8')));
  writeFileSync(file, String(score));
}

/** The order is one line; without its end the daemon died on the way, and nobody waits for an answer. */
function readOrder(): LaunchOrder {
  const chunks: Buffer[] = [];
  const buffer = Buffer.alloc(64 * 1024);
  for (;;) {
    const size = readSync(door, buffer);
    if (size === 0) process.exit(125);
    chunks.push(Buffer.from(buffer.subarray(0, size)));
    if (buffer[size - 1] === 10) return JSON.parse(Buffer.concat(chunks).toString('utf8')) as LaunchOrder;
  }
}

type Of<K extends MountOrder['kind']> = Extract<MountOrder, { kind: K }>;

const mounters: { readonly [K in MountOrder['kind']]: (order: Of<K>, tool: string) => void } = {
  bind(order, tool) {
    makePoint(order.target, order.file);
    mount(tool, ['--rbind', order.source, order.target]);
    if (order.readOnly) makeReadOnly(tool, order.target);
  },
  tmpfs(order, tool) {
    makePoint(order.target, false);
    mount(tool, ['-t', 'tmpfs', '-o', order.options, 'tmpfs', order.target]);
  },
  overlay(order, tool) {
    const part = (path: string): string => path.replace(/[\\:,]/g, '\\$&');
    const { lower, upper, work } = order;
    const options = `lowerdir=${part(lower)},upperdir=${part(upper)},workdir=${part(work)}`;
    mount(tool, ['-t', 'overlay', '-o', options, 'overlay', order.target]);
  },
  cover(order, tool) {
    const { point, stage } = order;
    mount(tool, ['-t', 'tmpfs', '-o', 'mode=0755,size=1m', 'tmpfs', stage]);
    for (const path of order.keep) {
      const shown = join(stage, relative(point, path));
      makePoint(shown, !statSync(path).isDirectory());
      mount(tool, ['--rbind', path, shown]);
    }
    mount(tool, ['--move', stage, point]);
  },
  'read-only'(order, tool) {
    const spared = ['/proc', '/sys', '/dev', ...order.except];
    const isSpared = (point: string): boolean => spared.some((path) => point === path || point.startsWith(`${path}/`));
    for (const point of mountPoints()) if (!isSpared(point)) makeReadOnly(tool, point);
  },
};

function placeOf(mount: MountOrder): string {
  if (mount.kind === 'cover') return mount.point;
  return mount.kind === 'read-only' ? '/' : mount.target;
}

function makePoint(path: string, file: boolean): void {
  if (existsSync(path)) return;
  if (!file) {
    mkdirSync(path, { recursive: true, mode: 0o755 });
    return;
  }
  mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
  writeFileSync(path, '', { mode: 0o644 });
}

/** A remount forgets the flags that it does not repeat, and without root the kernel refuses to lose them. */
function makeReadOnly(tool: string, point: string): void {
  const kept = flagsOf(point).filter((flag) => /^(nosuid|nodev|noexec|noatime|nodiratime|relatime)$/.test(flag));
  mount(tool, ['-o', ['remount', 'bind', 'ro', ...kept].join(','), point]);
}

function mountPoints(): string[] {
  return mountTable().map((fields) => fields.point);
}

function flagsOf(point: string): string[] {
  return mountTable().findLast((fields) => fields.point === point)?.flags ?? [];
}

/** proc(5) mountinfo: the fifth field is the mount point, with octal escapes; the sixth its flags. */
function mountTable(): { readonly point: string; readonly flags: string[] }[] {
  const lines = readFileSync('/proc/self/mountinfo', 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => {
    const fields = line.split(' ');
    const point = (fields[4] ?? '').replace(/\\(\d{3})/g, (_, code: string) =>
      String.fromCharCode(Number.parseInt(code, 8)),
    );
    return { point, flags: (fields[5] ?? '').split(',') };
  });
}

/** `-n`: the machine's list of mounts is none of an instance's business. */
function mount(tool: string, args: readonly string[]): void {
  runTool(tool, ['-n', ...args]);
}

function runTool(tool: string, args: readonly string[]): void {
  const done = spawnSync(tool, args, { encoding: 'utf8', timeout: toolTimeoutMs, stdio: ['ignore', 'pipe', 'pipe'] });
  if (done.error !== undefined) throw done.error;
  if (done.status !== 0) throw new Error(done.stderr.trim() || `${tool} ended with ${done.status ?? done.signal}`);
}

try {
  run(readOrder());
} catch (error) {
  const detail = error instanceof Error ? error.message : String(error);
  writeSync(door, JSON.stringify({ act, detail }));
  process.exitCode = 125;
}
