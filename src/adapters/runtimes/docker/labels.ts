import type { InstanceSpec } from '#model/instance.ts';

/** Labels that make a thing ours. They are data: names are never parsed. */
export const label = {
  /** Which Timonel home made it; two homes may share an engine. */
  home: 'io.timonel.home',
  project: 'io.timonel.project',
  service: 'io.timonel.service',
  instance: 'io.timonel.instance',
  release: 'io.timonel.release',
  fingerprint: 'io.timonel.fingerprint',
  /** Name of the network whose address is the instance's. */
  network: 'io.timonel.network',
  /** The instance's address where it is known before the start. */
  address: 'io.timonel.address',
  /** `true` on containers of runOnce: not an instance, removed when done. */
  oneOff: 'io.timonel.oneoff',
  /** On a container: our own tag of the image that it runs. */
  image: 'io.timonel.image',
  /** Addresses of a network that we give out ourselves, `FIRST-LAST`. */
  instanceRange: 'io.timonel.instance-range',
  serviceRange: 'io.timonel.service-range',
  /** Hash of a network's description in the Compose file. */
  config: 'io.timonel.config',
  /** A network that only holds a subnet while we make the real one. */
  reservation: 'io.timonel.reservation',
  /** The container of a home's proxy; its value is the home's folder for it. It belongs to no project. */
  proxy: 'io.timonel.proxy',
} as const;

/** Compose's own labels, so that `docker compose ps` and its friends see our things. */
export const composeLabel = {
  project: 'com.docker.compose.project',
  service: 'com.docker.compose.service',
  number: 'com.docker.compose.container-number',
  oneOff: 'com.docker.compose.oneoff',
  configHash: 'com.docker.compose.config-hash',
  workingDir: 'com.docker.compose.project.working_dir',
  network: 'com.docker.compose.network',
  volume: 'com.docker.compose.volume',
} as const;

/** The labels that say whose container this is. */
export function instanceLabels(instance: InstanceSpec, home: string): Record<string, string> {
  const { project, service, release, spec } = instance;
  return {
    [composeLabel.project]: project,
    [composeLabel.service]: service,
    [composeLabel.number]: numberOf(instance.id),
    [composeLabel.oneOff]: 'False',
    [composeLabel.configHash]: spec.fingerprint,
    [composeLabel.workingDir]: instance.directory,
    [label.home]: home,
    [label.project]: project,
    [label.service]: service,
    [label.instance]: instance.id,
    [label.release]: String(release),
    [label.fingerprint]: spec.fingerprint,
  };
}

/** The instance's place among its equals, the last number of its id. */
function numberOf(id: string): string {
  return /(\d+)$/.exec(id)?.[1] ?? '1';
}
