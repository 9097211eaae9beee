import { type InstanceGroup, joinFiles } from '../cgroups/group.ts';
import type { LaunchOrder } from '../launch/order.ts';
import type { Parts } from '../parts.ts';
import type { Described, Staged } from './prepare.ts';
import type { InstanceRecord } from './state.ts';

interface OrderInput {
  readonly parts: Pick<Parts, 'abilities' | 'tools'>;
  readonly record: InstanceRecord;
  readonly described: Described;
  readonly staged: Staged;
  readonly group: InstanceGroup;
}

/** What the launcher is told to do for an instance. */
export function launchOrder({ parts, record, described, staged, group }: OrderInput): LaunchOrder {
  const { abilities, tools } = parts;
  const { oom_score_adj: oomScore } = record.spec.spec.service;
  return {
    groups: joinFiles(group),
    mounts: staged.mounts,
    hostname: abilities.namespaces === 'none' ? undefined : described.hostname,
    oomScore: oomScore === undefined ? undefined : Number(oomScore),
    tools: { mount: tools.mount, hostname: tools.hostname },
    file: described.chain[0] ?? '',
    args: [...described.chain, ...described.argv],
    env: described.env,
  };
}
