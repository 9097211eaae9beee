import { writeFileSync } from 'node:fs';
import { fail } from '#core/errors.ts';
import type { CommandResult } from '#model/instance.ts';
import { type InstanceGroup, joinFiles } from '../cgroups/group.ts';
import { runCommand } from '../command.ts';
import { isAlive, isApart, type ProcessIdentity } from '../identity.ts';
import type { Parts } from '../parts.ts';
import { aimAtSelf } from '../self-address.ts';
import type { Described } from './prepare.ts';
import type { InstanceRecord } from './state.ts';

interface ExecInput {
  readonly parts: Parts;
  readonly record: InstanceRecord;
  readonly described: Described;
  readonly identity: ProcessIdentity;
  readonly group: InstanceGroup;
  readonly command: readonly string[];
  readonly timeoutMs: number;
}

/** Runs a command in the namespaces of a running instance, as its user, with its environment and limits. */
export function execInside(input: ExecInput): Promise<CommandResult> {
  const { described, command, timeoutMs, group, record } = input;
  const { spec } = record.spec;
  const aimed = aimAtSelf(command, {
    address: record.address,
    ports: spec.endpoints.map((endpoint) => endpoint.port),
    sharesMachine: spec.service.network_mode === 'host',
  });
  const [file = '', ...args] = [...entering(input), ...described.chain, ...aimed];
  return runCommand(file, args, { env: described.env, timeoutMs, onStart: (pid) => join(group, pid) });
}

function entering({ parts, identity, record }: ExecInput): readonly string[] {
  const { namespaces } = parts.abilities;
  const isOurs = namespaces === 'none' ? isAlive(identity) : isApart(identity);
  if (!isOurs) throw fail('RUNTIME_NOT_RUNNING', { instance: record.spec.id });
  if (namespaces === 'none') return [];
  const own = namespaces === 'user' ? ['--user', '--preserve-credentials'] : [];
  return [parts.tools.nsenter, `--target=${identity.pid}`, ...own, '--mount', '--uts', '--'];
}

/** A command that ended already needs no group. */
function join(group: InstanceGroup, pid: number): void {
  for (const file of joinFiles(group)) {
    try {
      writeFileSync(file, String(pid));
    } catch {
      // See above.
    }
  }
}
