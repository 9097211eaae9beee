import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { type Finding, finding } from '#core/finding.ts';
import type { Location } from '#core/location.ts';
import type { Mount } from '#model/project.ts';
import type { ServiceSpec } from '#model/spec.ts';

interface Condition {
  readonly spec: ServiceSpec;
  readonly api: string;
  readonly at: (path: readonly (string | number)[]) => Location | undefined;
}

/** Attributes that can be honoured only under a condition. */
export const conditions: readonly ((condition: Condition) => readonly Finding[])[] = [
  mountTypes,
  missingSources,
  fixedAddresses,
  newerAttributes,
  jobs,
];

const mountable = new Set(['bind', 'volume', 'tmpfs', 'image']);

/** Windows pipes and cluster volumes have no place in a Linux engine of one machine. */
function mountTypes({ spec, at }: Condition): readonly Finding[] {
  return (spec.service.volumes ?? []).flatMap((mount, index) =>
    mountable.has(mount.type)
      ? []
      : [
          finding(
            'error',
            'DOCKER_IMPOSSIBLE',
            { service: spec.name, attribute: `type: ${mount.type}` },
            at(['volumes', index, 'type']),
          ),
        ],
  );
}

/**
 * A bind of what does not exist: said at its place before anything is built. The start looks again, because by then
 * somebody may have removed it.
 */
function missingSources({ spec, at }: Condition): readonly Finding[] {
  return (spec.service.volumes ?? []).flatMap((mount, index) => {
    const source = mount.source ?? '';
    if (mount.type !== 'bind' || !isAbsolute(source) || existsSync(source)) return [];
    return [finding('error', 'DOCKER_BIND_MISSING', { service: spec.name, source }, at(['volumes', index, 'source']))];
  });
}

/** One address cannot be two instances', not even for the moment in which the new one replaces the old. */
function fixedAddresses({ spec, at }: Condition): readonly Finding[] {
  if (spec.strategy.kind === 'recreate' && spec.replicas <= 1) return [];
  return Object.entries(spec.service.networks ?? {}).flatMap(([key, attachment]) =>
    attachment?.ipv4_address === undefined
      ? []
      : [
          finding(
            'error',
            'DOCKER_FIXED_ADDRESS',
            { service: spec.name, address: attachment.ipv4_address, replicas: spec.replicas },
            at(['networks', key, 'ipv4_address']),
          ),
        ],
  );
}

interface Newer {
  readonly path: readonly (string | number)[];
  readonly api: string;
}

/**
 * Attributes that older engines would take and forget. `healthcheck.start_interval` is none: what counts is how Timonel
 * asks, and it asks as the file says.
 */
function newerAttributes({ spec, api, at }: Condition): readonly Finding[] {
  return newerIn(spec)
    .filter((one) => Number(one.api) > Number(api))
    .map((one) =>
      finding(
        'error',
        'DOCKER_ENGINE_TOO_OLD',
        { service: spec.name, attribute: one.path.join('.'), needs: one.api, has: api },
        at(one.path),
      ),
    );
}

function newerIn({ service }: ServiceSpec): readonly Newer[] {
  return [
    ...(service.annotations === undefined ? [] : [{ path: ['annotations'], api: '1.43' }]),
    ...(service.volumes ?? []).flatMap((mount, index) => newerMount(mount, ['volumes', index])),
    ...Object.entries(service.networks ?? {}).flatMap(([key, attachment]) => [
      ...(attachment?.gw_priority === undefined ? [] : [{ path: ['networks', key, 'gw_priority'], api: '1.48' }]),
      ...(attachment?.mac_address === undefined ? [] : [{ path: ['networks', key, 'mac_address'], api: '1.44' }]),
    ]),
  ];
}

function newerMount(mount: Mount, path: readonly (string | number)[]): readonly Newer[] {
  const recursive = mount.bind?.recursive;
  return [
    ...(mount.type === 'image' ? [{ path: [...path, 'type'], api: '1.48' }] : []),
    ...(mount.volume?.subpath === undefined ? [] : [{ path: [...path, 'volume', 'subpath'], api: '1.45' }]),
    ...(recursive === 'writable' || recursive === 'readonly'
      ? [{ path: [...path, 'bind', 'recursive'], api: '1.44' }]
      : []),
  ];
}

/** Swarm's job modes end and are counted differently; `restart: "no"` says the same here. */
function jobs({ spec, at }: Condition): readonly Finding[] {
  const mode = spec.service.deploy?.mode ?? 'replicated';
  if (mode === 'replicated' || mode === 'global') return [];
  return [
    finding(
      'error',
      'DOCKER_IMPOSSIBLE',
      { service: spec.name, attribute: `deploy.mode: ${mode}` },
      at(['deploy', 'mode']),
    ),
  ];
}
