import { dirname, isAbsolute, join, relative } from 'node:path';
import { foundWord } from '../schema/check.ts';
import { extension as extensionSection } from '../schema/service.ts';
import { suggestion } from '../suggest.ts';
import { mapEntries, withKey, withoutKey } from '../tree/edit.ts';
import { child, isNull, type Mapping, type Node, type Path, textOf } from '../tree/node.ts';
import { type Report, spot } from '../tree/report.ts';
import { limits } from '../yaml/limits.ts';
import { checkEntry } from './entry-shape.ts';
import { merge } from './merge.ts';
import { dropTagged } from './reset.ts';

/** The services of one file, among which `extends: name` looks. */
export interface ServiceScope {
  /** The file, absolute. */
  readonly file: string;
  readonly services: Mapping;
  /** What the file's last document tagged `!reset` or `!override`. */
  readonly dropped: readonly Path[];
}

export interface Extending {
  readonly report: Report;
  /** The folder that `extends.file` starts from, absolute. */
  readonly directory: string;
  /** Loads the services of another file, their paths made relative to `directory`. Findings stand at `from`. */
  readonly loadBase: (file: string, from: { readonly node: Node; readonly path: Path }) => ServiceScope | undefined;
  readonly nameOf: (file: string) => string;
}

interface Link {
  readonly file: string;
  readonly service: string;
}

/**
 * Merges into each service what it extends: a service of the same file, of another one, or of an included one; chains
 * are followed. The extending service is the override.
 */
export function applyExtends(root: Mapping, scope: Omit<ServiceScope, 'services'>, extending: Extending): Mapping {
  const services = child(root, 'services');
  if (services !== undefined && services.kind !== 'mapping') {
    // Said here, because a null would vanish when it is merged over an earlier file.
    const facts = { path: 'services', demanded: ['mapping' as const], found: foundWord(services) };
    extending.report.error('COMPOSE_WRONG_TYPE', facts, spot(services, ['services']));
  }
  if (services?.kind !== 'mapping') return root;
  const resolver = new Resolver({ ...scope, services }, extending);
  const resolved = mapEntries(services, (name) => resolver.resolve(name, []));
  return resolved === services ? root : withKey(root, 'services', resolved);
}

/** Resolves the services of one scope, each once. */
class Resolver {
  readonly #scope: ServiceScope;
  readonly #extending: Extending;
  readonly #done = new Map<string, Node>();
  readonly #others: Map<Mapping, Resolver>;

  constructor(scope: ServiceScope, extending: Extending, others = new Map<Mapping, Resolver>()) {
    this.#scope = scope;
    this.#extending = extending;
    this.#others = others;
    others.set(scope.services, this);
  }

  resolve(name: string, chain: readonly Link[]): Node | undefined {
    const known = this.#done.get(name);
    if (known !== undefined) return known;
    const service = this.#scope.services.entries.get(name)?.value;
    const extension = child(service, 'extends');
    if (service?.kind !== 'mapping' || extension === undefined || isNull(extension)) return service;
    const merged = this.#merged(name, service, extension, chain);
    this.#done.set(name, merged);
    return merged;
  }

  #merged(name: string, service: Mapping, extension: Node, chain: readonly Link[]): Node {
    const own = withoutKey(service, 'extends');
    const path = ['services', name, 'extends'];
    const next = [...chain, { file: this.#scope.file, service: name }];
    if (next.length > limits.extends) {
      this.#extending.report.error('COMPOSE_EXTENDS_TOO_DEEP', { limit: limits.extends }, spot(extension, path));
      return own;
    }
    const target = this.#target(name, extension, path);
    if (target === undefined || this.#isCycle(next, target, extension, path)) return own;
    const base = target.resolver.resolve(target.service, next);
    // A base that says nothing: the reference keeps the mention of it.
    if (base === undefined || isNull(base)) return service;
    const kept = dropTagged(base, this.#scope.dropped, ['services', name]);
    return withoutExtends(merge(kept, own, this.#extending.report, ['services', name]));
  }

  /** The service that `extension` names, and who resolves it; undefined when there is none, which is reported. */
  #target(name: string, extension: Node, path: Path): { resolver: Resolver; service: string } | undefined {
    const { report } = this.#extending;
    checkEntry(extension, extensionSection, report, path);
    const service = textOf(extension) ?? textOf(child(extension, 'service'));
    if (service === undefined) {
      if (!report.isRefused([...path, 'service']))
        report.error('COMPOSE_EXTENDS_SERVICE', { path: path.join('.') }, spot(extension, path));
      return undefined;
    }
    const file = child(extension, 'file');
    const resolver = file === undefined || isNull(file) ? this : this.#ofFile(file, path);
    if (resolver === undefined) return undefined;
    if (!resolver.#scope.services.entries.has(service)) {
      const near = suggestion(service, [...resolver.#scope.services.entries.keys()]);
      const facts = { name, base: service, file: this.#extending.nameOf(resolver.#scope.file), nearest: near };
      report.error('COMPOSE_EXTENDS_UNKNOWN', facts, spot(extension, path));
      return undefined;
    }
    return { resolver, service };
  }

  #ofFile(file: Node, path: Path): Resolver | undefined {
    const written = textOf(file);
    if (written === undefined) return undefined;
    const absolute = isAbsolute(written) ? written : join(this.#extending.directory, written);
    const scope = this.#extending.loadBase(absolute, { node: file, path: [...path, 'file'] });
    if (scope === undefined) return undefined;
    return this.#others.get(scope.services) ?? new Resolver(scope, this.#extending, this.#others);
  }

  #isCycle(
    chain: readonly Link[],
    target: { resolver: Resolver; service: string },
    extension: Node,
    path: Path,
  ): boolean {
    const last = { file: target.resolver.#scope.file, service: target.service };
    const start = chain.findIndex((link) => link.file === last.file && link.service === last.service);
    if (start === -1) return false;
    const links = [...chain.slice(start), last].map((link) => `${link.service} (${this.#extending.nameOf(link.file)})`);
    this.#extending.report.error('COMPOSE_EXTENDS_CYCLE', { links }, spot(extension, path));
    return true;
  }
}

function withoutExtends(node: Node): Node {
  return node.kind === 'mapping' ? withoutKey(node, 'extends') : node;
}

/** A folder as seen from another, `.` for itself. */
export function relativeFolder(from: string, folder: string): string {
  return relative(from, folder) || '.';
}

/** The folder of a file as seen from `directory`. */
export function folderSeenFrom(directory: string, file: string): string {
  return relativeFolder(directory, dirname(file));
}
