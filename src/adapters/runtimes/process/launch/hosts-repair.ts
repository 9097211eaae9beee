import { type FSWatcher, readFileSync, watch } from 'node:fs';
import { runCommand } from '../command.ts';
import { isApart, type ProcessIdentity } from '../identity.ts';
import type { Parts } from '../parts.ts';

const settleMs = 50;

/**
 * Calls `onReplaced` when the machine's /etc/hosts gets a new file under its name, as editors do: the kernel then drops
 * what is mounted on the old one, in every namespace.
 *
 * @returns the way to stop watching
 */
export function watchHosts(onReplaced: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  let watcher: FSWatcher | undefined;
  try {
    watcher = watch('/etc', { persistent: false }, (_event, name) => {
      if (name !== 'hosts') return;
      clearTimeout(timer);
      timer = setTimeout(onReplaced, settleMs).unref();
    });
    watcher.on('error', () => undefined);
  } catch {
    // Out of watches: names are put back at the next start of the runtime.
  }
  return () => {
    clearTimeout(timer);
    watcher?.close();
  };
}

interface RepairInput {
  readonly parts: Parts;
  readonly identity: ProcessIdentity;
  /** Where the instance sees its own hosts file. */
  readonly hosts: string;
}

/** Mounts the private hosts file again where it is missing. */
export async function repairHosts({ parts, identity, hosts }: RepairInput): Promise<void> {
  const { abilities, tools } = parts;
  // A stranger with its number lives among the machine's own mounts, and those are not ours to change.
  if (abilities.namespaces === 'none' || !isApart(identity) || hasMount(identity.pid, '/etc/hosts')) return;
  const own = abilities.namespaces === 'user' ? ['--user', '--preserve-credentials'] : [];
  const enter = [`--target=${identity.pid}`, ...own, '--mount', '--'];
  await runCommand(tools.nsenter, [...enter, tools.mount, '--bind', hosts, '/etc/hosts'], { timeoutMs: 10_000 });
}

function hasMount(pid: number, point: string): boolean {
  try {
    const lines = readFileSync(`/proc/${pid}/mountinfo`, 'utf8').split('\n');
    return lines.some((line) => line.split(' ')[4] === point);
  } catch {
    return true;
  }
}
