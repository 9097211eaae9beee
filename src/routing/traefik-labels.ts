import type { Service } from '#model/project.ts';

/** One label that begins with `traefik.`, as written and with its key in lower case (Traefik reads keys so). */
export interface TraefikLabel {
  readonly label: string;
  /** The parts of the key between dots, the names of routers and services as written. */
  readonly parts: readonly string[];
  readonly value: string;
  /** Path of the label in the Compose model, for findings. */
  readonly path: readonly string[];
}

/**
 * The Traefik labels of a service: those of its containers, else those under `deploy` (read in swarm mode).
 *
 * @param service name in the Compose model, for the labels' places
 */
export function traefikLabels(service: string, compose: Service): readonly TraefikLabel[] {
  const own = pick(compose.labels, ['services', service, 'labels']);
  return own.length > 0 ? own : pick(compose.deploy?.labels, ['services', service, 'deploy', 'labels']);
}

function pick(labels: Readonly<Record<string, string>> | undefined, path: readonly string[]): TraefikLabel[] {
  return Object.entries(labels ?? {})
    .filter(([label]) => label.toLowerCase().startsWith('traefik.'))
    .map(([label, value]) => ({
      label,
      parts: label.split('.').slice(1),
      value: String(value),
      path: [...path, label],
    }));
}

/** `traefik.enable=false` takes a service off the edge altogether. */
export function isEnabled(labels: readonly TraefikLabel[]): boolean {
  const switched = enabling(labels);
  return switched === undefined || isTrue(switched.value);
}

/** The label that says whether the others count. */
export function enabling(labels: readonly TraefikLabel[]): TraefikLabel | undefined {
  return labels.find((one) => one.label.toLowerCase() === 'traefik.enable');
}

/** What Go's ParseBool takes for true. */
export function isTrue(value: string): boolean {
  return ['1', 't', 'true'].includes(value.trim().toLowerCase());
}

/** What Go's ParseBool takes at all. */
export function isTruth(value: string): boolean {
  return isTrue(value) || ['0', 'f', 'false'].includes(value.trim().toLowerCase());
}

/** A router, service or middleware and what its labels set; keys in lower case and dotted. */
export interface TraefikObject {
  readonly name: string;
  readonly options: ReadonlyMap<string, TraefikLabel>;
}

/** The objects of one kind of `traefik.http`, by name, in the order of their first label. */
export function objectsOf(
  labels: readonly TraefikLabel[],
  kind: 'routers' | 'services' | 'middlewares',
): readonly TraefikObject[] {
  const objects = new Map<string, Map<string, TraefikLabel>>();
  for (const label of labels) {
    const [area, family, name, ...rest] = label.parts;
    if (area?.toLowerCase() !== 'http' || family?.toLowerCase() !== kind || name === undefined) continue;
    const options = objects.get(name) ?? new Map<string, TraefikLabel>();
    options.set(rest.join('.').toLowerCase(), label);
    objects.set(name, options);
  }
  return [...objects].map(([name, options]) => ({ name, options }));
}

/** The port that each Traefik service of these labels names. */
export function labelPorts(labels: readonly TraefikLabel[]): readonly number[] {
  return objectsOf(labels, 'services')
    .map((one) => Number(one.options.get('loadbalancer.server.port')?.value))
    .filter((port) => Number.isInteger(port) && port > 0 && port <= 65_535);
}
