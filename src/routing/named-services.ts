import type { Service } from '#model/project.ts';
import type { Endpoint } from '#model/route.ts';
import { objectsOf, traefikLabels } from './traefik-labels.ts';

/** A service of the project, and the port that a name means there; none when nothing tells a port that speaks HTTP. */
export interface NamedService {
  readonly service: string;
  readonly port: number | undefined;
}

interface Around {
  readonly project: string;
  readonly services: Readonly<Record<string, Service>>;
  /** The ports of each service. */
  readonly endpoints: Readonly<Record<string, readonly Endpoint[]>>;
}

/**
 * The services that a middleware may name: those that Traefik labels define, and every service of the Compose file by
 * its own name and by the one that Traefik's Docker provider gives it.
 */
export class NamedServices {
  readonly #around: Around;
  readonly #places: ReadonlyMap<string, NamedService>;

  constructor(around: Around) {
    this.#around = around;
    const compose = Object.keys(around.services).flatMap((service) => {
      const place = { service, port: this.#portOf(service, undefined) };
      return [[service, place] as const, [`${service}-${around.project}`, place] as const];
    });
    const labelled = Object.entries(around.services).flatMap(([service, one]) =>
      objectsOf(traefikLabels(service, one), 'services').map(({ name, options }) => {
        const label = options.get('loadbalancer.server.port');
        return [name, { service, port: this.#portOf(service, label && Number(label.value)) }] as const;
      }),
    );
    this.#places = new Map([...compose, ...labelled]);
  }

  get names(): readonly string[] {
    return [...this.#places.keys()];
  }

  /** @param port the one that is meant, where it is said */
  find(name: string, port?: number): NamedService | undefined {
    const place = this.#places.get(name.replace(/@(docker|swarm)$/, ''));
    if (place === undefined || port === undefined) return place;
    return { ...place, port: this.#portOf(place.service, port) };
  }

  #portOf(service: string, wanted: number | undefined): number | undefined {
    const http = (this.#around.endpoints[service] ?? []).filter((one) => one.protocol === 'http');
    return http.find((one) => wanted === undefined || one.port === wanted)?.port;
  }
}
