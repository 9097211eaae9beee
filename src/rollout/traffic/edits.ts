import type { CanaryRouting } from '#model/canary.ts';
import type { Endpoint, Hold } from '#model/route.ts';
import type { ServiceSpec } from '#model/spec.ts';
import type { Exposure, Member, Pause, Rotation, ServiceTraffic } from '#model/traffic.ts';

/** Where an instance is reached: what a rotation does not say. */
export interface Located {
  readonly id: string;
  readonly release: number;
  readonly address: string | undefined;
  readonly ports: readonly number[];
}

const nothingExposed: Exposure = { routes: [], published: [] };

/** A service that the proxy does not know yet. */
export function newTraffic(spec: ServiceSpec, address: string | undefined): ServiceTraffic {
  const { endpoints, balance } = spec;
  return withCanary({ endpoints, balance, address, exposure: nothingExposed, members: [] }, canaryRoutingOf(spec));
}

/** Backends for the ports of both releases, so that old and new instances stand side by side. */
export function withInner(traffic: ServiceTraffic, spec: ServiceSpec, side: 'both' | 'only'): ServiceTraffic {
  const endpoints = side === 'only' ? spec.endpoints : union(spec.endpoints, traffic.endpoints);
  return withCanary({ ...traffic, endpoints, balance: spec.balance }, canaryRoutingOf(spec));
}

/** How a canary of this service tells clients apart beside its weights; undefined when it does not. */
export function canaryRoutingOf({ strategy }: ServiceSpec): CanaryRouting | undefined {
  if (strategy.kind !== 'canary') return undefined;
  const { match, sticky } = strategy.routing;
  return match.length > 0 || sticky !== undefined ? strategy.routing : undefined;
}

/** `undefined`: by its weights alone. */
export function withCanary(traffic: ServiceTraffic, canary: CanaryRouting | undefined): ServiceTraffic {
  const { canary: _before, ...rest } = traffic;
  return canary === undefined ? rest : { ...rest, canary };
}

function union(first: readonly Endpoint[], second: readonly Endpoint[]): readonly Endpoint[] {
  const known = new Set(first.map((endpoint) => endpoint.port));
  return [...first, ...second.filter((endpoint) => !known.has(endpoint.port))];
}

export function withExposure(traffic: ServiceTraffic, exposure: Exposure | undefined): ServiceTraffic {
  return { ...traffic, exposure: exposure ?? nothingExposed };
}

/** Exactly `rotation` serves; members that served until now finish what they have. */
export function withRotation(
  traffic: ServiceTraffic,
  rotation: Rotation,
  locate: (id: string) => Located,
): ServiceTraffic {
  const serving = rotation.map(
    ({ instance, weight, side }): Member => ({
      ...locate(instance),
      weight,
      share: 'serving',
      ...(side === undefined ? {} : { side }),
    }),
  );
  const chosen = new Set(rotation.map((one) => one.instance));
  const others = traffic.members
    .filter((member) => !chosen.has(member.id))
    .map((member): Member => (member.share === 'serving' ? { ...withoutSide(member), share: 'leaving' } : member));
  return { ...traffic, members: [...serving, ...others] };
}

function withoutSide({ side: _side, ...rest }: Member): Member {
  return rest;
}

/** The instance takes nothing at all any more. */
export function withClosing(traffic: ServiceTraffic, id: string): ServiceTraffic {
  return changeMember(traffic, id, (member) => ({ ...member, share: 'closing' }));
}

/** The proxy forgets the instance. */
export function withoutMember(traffic: ServiceTraffic, id: string): ServiceTraffic {
  return { ...traffic, members: traffic.members.filter((member) => member.id !== id) };
}

/** The instance is reached elsewhere after a restart. */
export function withAddress(traffic: ServiceTraffic, id: string, address: string | undefined): ServiceTraffic {
  return changeMember(traffic, id, (member) => ({ ...member, address }));
}

function changeMember(traffic: ServiceTraffic, id: string, change: (member: Member) => Member): ServiceTraffic {
  return { ...traffic, members: traffic.members.map((member) => (member.id === id ? change(member) : member)) };
}

export function withHold(traffic: ServiceTraffic, hold: Hold): ServiceTraffic {
  return { ...traffic, held: hold };
}

export function withoutHold(traffic: ServiceTraffic): ServiceTraffic {
  const { held: _held, ...rest } = traffic;
  return rest;
}

/** From now on requests wait. A pause that is there already keeps its beginning. */
export function withPause(traffic: ServiceTraffic, pause: Pause): ServiceTraffic {
  const known = traffic.paused?.ending === true ? undefined : traffic.paused;
  return { ...traffic, paused: { ...pause, since: known?.since ?? pause.since } };
}

/** Requests go on; the pause stays on record until the proxy has followed. */
export function withEndingPause(traffic: ServiceTraffic): ServiceTraffic {
  return traffic.paused === undefined ? traffic : { ...traffic, paused: { ...traffic.paused, ending: true } };
}

/** Forgets a pause that ends; one that was begun anew meanwhile stays. */
export function withoutEndedPause(traffic: ServiceTraffic): ServiceTraffic {
  if (traffic.paused?.ending !== true) return traffic;
  const { paused: _paused, ...rest } = traffic;
  return rest;
}

/** Why requests wait now, if they do. A pause says for how long, also during a deployment. */
export function holdOf({ held, paused }: ServiceTraffic): Hold | undefined {
  return paused === undefined || paused.ending === true ? held : paused.hold;
}

/** Ids of those that take new requests. */
export function servingIds(traffic: ServiceTraffic | undefined): readonly string[] {
  return (traffic?.members ?? []).filter((member) => member.share === 'serving').map((member) => member.id);
}

/** The rotation as it is now. */
export function rotationOf(traffic: ServiceTraffic | undefined): Rotation {
  return (traffic?.members ?? [])
    .filter((member) => member.share === 'serving')
    .map(({ id, weight, side }) => ({ instance: id, weight, ...(side === undefined ? {} : { side }) }));
}
