import { withKey } from '../tree/edit.ts';
import {
  child,
  type Entry,
  flag,
  isNull,
  list,
  type Mapping,
  mapping,
  type Node,
  nothing,
  text,
  textOf,
} from '../tree/node.ts';
import { scalarText } from '../tree/scalar-text.ts';
import type { Mark } from '../tree/source.ts';
import { variableOf } from './dotenv-files.ts';
import { mapService } from './environment.ts';
import { dependencyNames } from './implied-dependencies.ts';
import { cleanPath } from './join-clean.ts';

type Environment = Readonly<Record<string, string>>;

/**
 * Adds what a Compose file implies: the default network, names of resources, dependencies that follow from links and
 * shared namespaces, values of variables named without one.
 */
export function normalise(root: Mapping, name: string, environment: Environment): Mapping {
  const named = withKey(root, 'name', text(name, child(root, 'name')?.mark ?? root.mark));
  const connected = connect(named);
  const services = mapService(connected, (service) => normaliseService(service, environment));
  return nameResources(services, name);
}

/** Attaches services without networks to `default`, and declares it where a service uses it. */
function connect(root: Mapping): Mapping {
  let usesDefault: Mark | undefined;
  const connected = mapService(root, (service) => {
    if (service.entries.has('provider') || service.entries.has('network_mode')) return service;
    const networks = child(service, 'networks');
    const isBare = networks === undefined || (networks.kind === 'mapping' && networks.entries.size === 0);
    if (isBare || child(networks, 'default') !== undefined) usesDefault ??= service.mark;
    return isBare ? withKey(service, 'networks', mapping([['default', nothing(service.mark)]], service.mark)) : service;
  });
  const networks = child(connected, 'networks');
  if (usesDefault === undefined || child(networks, 'default') !== undefined) return connected;
  const declared = networks?.kind === 'mapping' ? networks : mapping([], usesDefault);
  return withKey(connected, 'networks', withKey(declared, 'default', nothing(usesDefault)));
}

function normaliseService(service: Mapping, environment: Environment): Mapping {
  let result = service;
  const change = (key: string, make: (node: Node) => Node): void => {
    const before = child(result, key);
    if (before !== undefined) result = withKey(result, key, make(before));
  };
  change('pull_policy', (node) => (textOf(node) === 'if_not_present' ? text('missing', node.mark) : node));
  change('build', (node) => normaliseBuild(node, environment));
  change('environment', (node) => fillVariables(node, environment, 'kept'));
  change('volumes', cleanTargets);
  change('pre_start', (node) => inheritImage(node, child(service, 'image')));
  return withDependencies(result);
}

function normaliseBuild(node: Node, environment: Environment): Node {
  if (node.kind !== 'mapping') return node;
  let build = node;
  if (isAbsent(child(build, 'context'))) build = withKey(build, 'context', text('.', node.mark));
  if (isAbsent(child(build, 'dockerfile')) && isAbsent(child(build, 'dockerfile_inline'))) {
    build = withKey(build, 'dockerfile', text('Dockerfile', node.mark));
  }
  const args = child(build, 'args');
  return args === undefined ? build : withKey(build, 'args', fillVariables(args, environment, 'dropped'));
}

/** Gives variables named without a value the one they have outside; others are kept as they are, or dropped. */
function fillVariables(node: Node, environment: Environment, unknown: 'kept' | 'dropped'): Node {
  if (node.kind === 'list') {
    const items = node.items.flatMap((item) => {
      const written = textOf(item);
      if (written === undefined || written.includes('=')) return [item];
      const value = variableOf(environment, written);
      if (value !== undefined) return [text(`${written}=${value}`, item.mark)];
      return unknown === 'kept' ? [item] : [];
    });
    return list(items, node.mark);
  }
  if (node.kind !== 'mapping') return node;
  const entries = new Map<string, Entry>();
  for (const [key, entry] of node.entries) {
    const value = isNull(entry.value) ? variableOf(environment, key) : undefined;
    if (value !== undefined) entries.set(key, { key: entry.key, value: text(value, entry.value.mark) });
    else if (unknown === 'kept' || !isNull(entry.value)) entries.set(key, entry);
  }
  return { ...node, entries };
}

function cleanTargets(node: Node): Node {
  if (node.kind !== 'list') return node;
  const items = node.items.map((item) => {
    const target = textOf(child(item, 'target'));
    if (item.kind !== 'mapping' || target === undefined || cleanPath(target) === target) return item;
    return withKey(item, 'target', text(cleanPath(target), item.mark));
  });
  return { ...node, items };
}

function inheritImage(node: Node, image: Node | undefined): Node {
  if (node.kind !== 'list' || image === undefined || textOf(image) === '') return node;
  const items = node.items.map((hook) =>
    hook.kind === 'mapping' && !hook.entries.has('image') ? withKey(hook, 'image', image) : hook,
  );
  return { ...node, items };
}

function withDependencies(service: Mapping): Mapping {
  const before = child(service, 'depends_on');
  let dependencies = before?.kind === 'mapping' ? before : mapping([], service.mark);
  for (const { name, restart, mark } of dependencyNames(service)) {
    if (dependencies.entries.has(name)) continue;
    const dependency = mapping(
      [
        ['condition', text('service_started', mark)],
        ['restart', flag(restart, mark)],
        ['required', flag(true, mark)],
      ],
      mark,
    );
    dependencies = withKey(dependencies, name, dependency);
  }
  return dependencies.entries.size === 0 ? service : withKey(service, 'depends_on', dependencies);
}

/** Networks, volumes, configs and secrets are named after the project and their key; external ones after their key. */
function nameResources(root: Mapping, project: string): Mapping {
  let result = root;
  for (const kind of ['networks', 'volumes', 'configs', 'secrets']) {
    const resources = child(result, kind);
    if (resources?.kind !== 'mapping') continue;
    const entries = new Map<string, Entry>();
    for (const [key, entry] of resources.entries)
      entries.set(key, { key: entry.key, value: nameResource(entry.value, key, project) });
    result = withKey(result, kind, { ...resources, entries });
  }
  return result;
}

function nameResource(node: Node, key: string, project: string): Node {
  const resource = isNull(node) ? mapping([], node.mark) : node;
  if (resource.kind !== 'mapping' || !isAbsent(child(resource, 'name'))) return resource;
  const external = child(resource, 'external');
  const isExternal = external?.kind === 'scalar' && /^(?:1|t|true)$/i.test(scalarText(external));
  return withKey(resource, 'name', text(isExternal ? key : `${project}_${key}`, resource.mark));
}

function isAbsent(node: Node | undefined): boolean {
  return node === undefined || isNull(node);
}
