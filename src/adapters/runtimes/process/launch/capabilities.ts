import { readFileSync } from 'node:fs';
import type { Service } from '#model/project.ts';

/** Names by bit number, linux/capability.h. */
const names = [
  'chown',
  'dac_override',
  'dac_read_search',
  'fowner',
  'fsetid',
  'kill',
  'setgid',
  'setuid',
  'setpcap',
  'linux_immutable',
  'net_bind_service',
  'net_broadcast',
  'net_admin',
  'net_raw',
  'ipc_lock',
  'ipc_owner',
  'sys_module',
  'sys_rawio',
  'sys_chroot',
  'sys_ptrace',
  'sys_pacct',
  'sys_admin',
  'sys_boot',
  'sys_nice',
  'sys_resource',
  'sys_time',
  'sys_tty_config',
  'mknod',
  'lease',
  'audit_write',
  'audit_control',
  'setfcap',
  'mac_override',
  'mac_admin',
  'syslog',
  'wake_alarm',
  'block_suspend',
  'audit_read',
  'perfmon',
  'bpf',
  'checkpoint_restore',
];

/** What a container of root gets by default (Docker's documentation, "Runtime privilege and Linux capabilities"). */
const usual = new Set([
  'chown',
  'dac_override',
  'fowner',
  'fsetid',
  'kill',
  'setgid',
  'setuid',
  'setpcap',
  'net_bind_service',
  'net_raw',
  'sys_chroot',
  'mknod',
  'audit_write',
  'setfcap',
]);

/**
 * The capabilities an instance may have, as a container would: the usual ones, with `cap_add` and `cap_drop`;
 * undefined for `privileged`, which keeps all.
 */
export function capabilitiesOf(service: Service): readonly string[] | undefined {
  if (service.privileged === true) return undefined;
  const wanted = new Set(usual);
  const change = (value: unknown, apply: (name: string) => void): void => {
    if (!Array.isArray(value)) return;
    for (const word of value.map(plain)) for (const name of word === 'all' ? names : [word]) apply(name);
  };
  if (plainList(service.cap_drop).includes('all')) wanted.clear();
  change(service.cap_add, (name) => wanted.add(name));
  change(
    plainList(service.cap_drop).filter((name) => name !== 'all'),
    (name) => wanted.delete(name),
  );
  return names.filter((name) => wanted.has(name));
}

/** The words in `cap_add` and `cap_drop` that name no capability. */
export function unknownCapabilities(value: unknown): readonly string[] {
  return plainList(value).filter((name) => name !== 'all' && !names.includes(name));
}

/** Those that this process could hand on: asking for more would fail. */
export function boundingSet(): ReadonlySet<string> {
  const mask = /^CapBnd:\s*([0-9a-f]+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  return new Set(names.filter((_, bit) => (BigInt(`0x${mask}`) >> BigInt(bit)) & 1n));
}

function plainList(value: unknown): string[] {
  return Array.isArray(value) ? value.map(plain) : [];
}

function plain(word: unknown): string {
  return String(word).toLowerCase().replace(/^cap_/, '');
}
