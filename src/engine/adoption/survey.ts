import { type Finding, finding } from '#core/finding.ts';
import { fingerprint } from '#core/hash.ts';
import type { Project } from '#model/project.ts';
import type { ServiceSpec } from '#model/spec.ts';
import type { FoundContainer, FoundPort } from '#world/adoption.ts';
import type { ReleaseDraft } from '../desired.ts';
import { volumeNames } from '../hosts.ts';
import { differencesOf } from './differences.ts';

/** One service of the file with the containers that are to be its instances. */
export interface AdoptedService {
  /** What runs, so that the release can be gone back to; equal to the file's where nothing differs. */
  readonly spec: ServiceSpec;
  readonly containers: readonly FoundContainer[];
  /** Ports that the file publishes and Docker holds. */
  readonly published: readonly FoundPort[];
  /** Nothing differs, so the next deployment may leave them alone. */
  readonly fits: boolean;
}

export interface Survey {
  readonly services: readonly AdoptedService[];
  readonly findings: readonly Finding[];
}

/** Lays what runs beside what the file says. Pure. */
export function survey(draft: ReleaseDraft, found: readonly FoundContainer[]): Survey {
  const strangers = found.filter((one) => !(one.service in draft.services));
  const surveyed = Object.values(draft.services).map((spec) => surveyService(draft, spec, found));
  return {
    services: surveyed.flatMap(({ service }) => service ?? []),
    findings: [
      ...surveyed.flatMap(({ findings }) => findings),
      ...strangers.map((one) => finding('warning', 'ADOPT_NOT_IN_FILE', { service: one.service, container: one.name })),
    ],
  };
}

interface Surveyed {
  readonly service: AdoptedService | undefined;
  readonly findings: readonly Finding[];
}

function surveyService(draft: ReleaseDraft, spec: ServiceSpec, found: readonly FoundContainer[]): Surveyed {
  const own = found.filter((one) => one.service === spec.name);
  const usable = own.filter((one) => (spec.oneShot ? one.exitCode === 0 : one.state === 'running'));
  const idle = own
    .filter((one) => !usable.includes(one))
    .map((one) => finding('warning', 'ADOPT_STOPPED', { service: spec.name, container: one.name }));
  if (usable.length === 0) {
    const absent = finding('info', 'ADOPT_NOT_RUNNING', { service: spec.name });
    return { service: undefined, findings: [...idle, absent] };
  }
  const around = {
    directory: draft.directory,
    volumes: volumeNames(draft.model),
    networks: networkNames(draft.model),
  };
  const differences = usable.map((one) => differencesOf(spec, one, around));
  const fits = differences.every((list) => list.length === 0);
  const ports = comparePorts(spec, usable);
  return {
    service: {
      spec: { ...(fits ? spec : asItRuns(spec, usable)), replicas: usable.length },
      containers: usable,
      published: ports.published,
      fits,
    },
    // Replicas mostly differ alike, and once is enough to read it.
    findings: [...idle, ...(differences[0] ?? []), ...ports.findings, ...whatStaysWithDocker(spec, usable)],
  };
}

/** The service as its first container really runs it. The fingerprint is of nothing that a file can say. */
function asItRuns(spec: ServiceSpec, containers: readonly FoundContainer[]): ServiceSpec {
  const first = containers[0];
  if (first === undefined) return spec;
  const { process: real, image } = first;
  return {
    ...spec,
    service: { ...spec.service, command: real.command, entrypoint: real.entrypoint, user: real.user },
    environment: real.environment,
    source: image.source,
    fingerprint: fingerprint(['adopted', ...containers.map((one) => one.container)]),
  };
}

function comparePorts(
  spec: ServiceSpec,
  containers: readonly FoundContainer[],
): { readonly published: readonly FoundPort[]; readonly findings: readonly Finding[] } {
  const wanted = new Set((spec.service.ports ?? []).map((port) => `${port.published ?? ''} ${port.target}`));
  const all = containers.flatMap((one) => one.published);
  const known = all.filter((one) => wanted.has(`${one.port} ${one.target}`));
  const left = all.filter((one) => !known.includes(one));
  return {
    published: known,
    findings: left.map(({ port, target }) =>
      finding('warning', 'ADOPT_PORT_LEFT', { service: spec.name, port, target }),
    ),
  };
}

/** Connections that the proxy cannot take over: who has them should know before. */
function whatStaysWithDocker(spec: ServiceSpec, containers: readonly FoundContainer[]): readonly Finding[] {
  const service = spec.name;
  const count = containers.reduce((sum, one) => sum + one.openConnections, 0);
  const ports = [...new Set(containers.flatMap((one) => one.onIpv6))];
  return [
    ...(count === 0
      ? []
      : [
          finding('warning', 'ADOPT_OPEN_CONNECTIONS', {
            service,
            count,
            seconds: Math.round(spec.stopGraceMs / 1000),
          }),
        ]),
    ...ports.map((port) => finding('warning', 'ADOPT_IPV6', { service, port })),
  ];
}

function networkNames(model: Project): Record<string, string> {
  const networks = Object.entries(model.networks ?? {}).map(([key, network]): [string, string] => [
    key,
    network?.name ?? (network?.external === true ? key : `${model.name}_${key}`),
  ]);
  return { default: `${model.name}_default`, ...Object.fromEntries(networks) };
}
