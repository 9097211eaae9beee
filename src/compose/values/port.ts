import { fail } from '#core/errors.ts';
import { isAddress } from './address.ts';

/** The long form of one published port, before defaults of other sources are added. */
export interface PortObject {
  readonly mode: 'ingress';
  readonly host_ip?: string;
  readonly target: number;
  /** A port, a range `8000-8010` to choose from, or absent: the engine chooses. */
  readonly published?: string;
  readonly protocol: string;
}

/**
 * Reads the short form of a port, `[[IP:]HOST:]CONTAINER[/PROTOCOL]`, where HOST and CONTAINER may be ranges
 * (Compose Specification, chapter "ports"). A range of containers gives one object a port.
 *
 * @throws COMPOSE_PORT_MISSING, COMPOSE_PORT_ADDRESS, COMPOSE_PORT_NUMBER, COMPOSE_PORT_RANGES, COMPOSE_PORT_PROTOCOL
 */
export function parsePort(spec: string): PortObject[] {
  const { address, host, container, protocol } = split(spec);
  if (container === '') throw fail('COMPOSE_PORT_MISSING', { spec });
  const target = range(container, 'containerPort', spec);
  // The reference loader lets 0 pass, and the engine then refuses it: nothing can listen there.
  if (target.start === 0) throw fail('COMPOSE_PORT_NUMBER', { spec, part: 'containerPort', text: container });
  const published = host === '' ? undefined : range(host, 'hostPort', spec);
  if (published !== undefined && target.count > 1 && published.count !== target.count) {
    throw fail('COMPOSE_PORT_RANGES', { spec, container, host });
  }
  const objects: PortObject[] = [];
  for (let offset = 0; offset < target.count; offset++) {
    objects.push({
      mode: 'ingress',
      ...(address === '' ? {} : { host_ip: address }),
      target: target.start + offset,
      ...(published === undefined ? {} : { published: publishedText(published, target, offset) }),
      protocol,
    });
  }
  return objects.toSorted((a, b) => (String(a.target) < String(b.target) ? -1 : 1));
}

interface Range {
  readonly start: number;
  readonly count: number;
}

function split(spec: string): { address: string; host: string; container: string; protocol: string } {
  const sections = spec.split(':');
  const last = sections.pop() ?? '';
  const host = sections.pop() ?? '';
  const [container = '', written] = last.split('/', 2);
  const protocol = written === undefined || written === '' ? 'tcp' : written.toLowerCase();
  if (container !== '' && !['tcp', 'udp', 'sctp'].includes(protocol)) {
    throw fail('COMPOSE_PORT_PROTOCOL', { spec, protocol: written ?? '' });
  }
  return { address: addressOf(sections.join(':'), spec), host, container, protocol };
}

function addressOf(written: string, spec: string): string {
  const address = /^\[(.*)\]$/.exec(written)?.[1] ?? written;
  if (address !== '' && !isAddress(address)) throw fail('COMPOSE_PORT_ADDRESS', { spec, address });
  return address;
}

function range(text: string, part: 'containerPort' | 'hostPort', spec: string): Range {
  const match = /^([0-9]+)(?:-([0-9]+))?$/.exec(text);
  const start = Number(match?.[1]);
  const end = match?.[2] === undefined ? start : Number(match[2]);
  if (!(start <= end && end <= 65_535)) throw fail('COMPOSE_PORT_NUMBER', { spec, part, text });
  return { start, count: end - start + 1 };
}

function publishedText(published: Range, target: Range, offset: number): string {
  const first = String(published.start + offset);
  const choice = target.count === 1 && published.count > 1;
  return choice ? `${first}-${published.start + published.count - 1}` : first;
}
