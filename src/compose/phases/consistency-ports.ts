import type { Project } from '#model/project.ts';
import type { Path } from '../tree/node.ts';
import type { Report, Spot } from '../tree/report.ts';

interface Claim {
  readonly service: string;
  /** Empty: every address of the machine. */
  readonly address: string;
}

const everyAddress = new Set(['', '0.0.0.0', '::']);

/**
 * Warns of a host port that is published twice. Only a warning: the reference loader takes such a file, and it may be
 * started in parts.
 */
export function checkHostPorts(services: Project['services'], report: Report, spotOf: (path: Path) => Spot): void {
  const claims = new Map<string, Claim[]>();
  for (const [name, service] of Object.entries(services)) {
    service.ports?.forEach((port, index) => {
      // A range leaves a choice, and 0 leaves it to the engine.
      if (port.published === undefined || !/^[1-9][0-9]*$/.test(port.published)) return;
      const claim: Claim = { service: name, address: everyAddress.has(port.host_ip ?? '') ? '' : (port.host_ip ?? '') };
      const key = `${port.published}/${port.protocol ?? 'tcp'}`;
      const others = claims.get(key) ?? [];
      const owner = others.find(({ address }) => address === '' || claim.address === '' || address === claim.address);
      claims.set(key, [...others, claim]);
      if (owner === undefined) return;
      const facts = { service: name, owner: owner.service, port: key };
      report.warning('COMPOSE_HOST_PORT_TAKEN', facts, spotOf(['services', name, 'ports', index]));
    });
  }
}
