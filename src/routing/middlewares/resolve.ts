import { type Finding, finding } from '#core/finding.ts';
import { nearest } from '#core/nearest.ts';
import type { PolicyRule } from '#model/policy.ts';
import type { Locate } from '#world/runtime.ts';
import type { NamedServices } from '../named-services.ts';
import type { TraefikLabel, TraefikObject } from '../traefik-labels.ts';
import { family, unsupportedKinds } from './family.ts';
import { OptionReader } from './option-reader.ts';

interface Input {
  readonly router: TraefikObject;
  /** All middlewares that the router may name: its own service's and its neighbours'. */
  readonly defined: readonly TraefikObject[];
  /** Those that a middleware may name. */
  readonly services: NamedServices;
  readonly locate: Locate;
}

/** The rules of a router's middlewares, in its own order, with chains unrolled. */
export function resolveMiddlewares({ router, defined, services, locate }: Input): {
  readonly rules: readonly PolicyRule[];
  readonly findings: readonly Finding[];
} {
  const label = router.options.get('middlewares');
  if (label === undefined) return { rules: [], findings: [] };
  const findings: Finding[] = [];
  const unroller = new Unroller(defined, locate, findings);
  const rules = unroller.unroll(label, []).flatMap((one) => rulesOf({ object: one, services, locate, findings }));
  return { rules, findings };
}

/** Names between commas, without the provider that Docker labels are. */
export function namesIn(value: string): readonly string[] {
  return value
    .split(',')
    .map((one) => one.trim().replace(/@(docker|swarm)$/, ''))
    .filter((one) => one !== '');
}

/** The kinds that a middleware's labels name: `ratelimit`, `chain`, ... */
export function kindsOf(object: TraefikObject): readonly string[] {
  return [...new Set([...object.options.keys()].map((key) => key.split('.')[0] ?? ''))];
}

/** Turns names into middlewares, going into chains. */
class Unroller {
  readonly #defined: ReadonlyMap<string, TraefikObject>;
  readonly #locate: Locate;
  readonly #findings: Finding[];

  constructor(defined: readonly TraefikObject[], locate: Locate, findings: Finding[]) {
    this.#defined = new Map(defined.map((one) => [one.name, one]));
    this.#locate = locate;
    this.#findings = findings;
  }

  unroll(label: TraefikLabel, within: readonly string[]): readonly TraefikObject[] {
    return namesIn(label.value).flatMap((name) => {
      const object = this.#defined.get(name);
      if (object === undefined) return this.#unknown(name, label);
      const chain = object.options.get('chain.middlewares');
      if (chain === undefined) return [object];
      if (!within.includes(name)) return this.unroll(chain, [...within, name]);
      const facts = { middleware: name };
      this.#findings.push(finding('error', 'POLICY_CHAIN_CYCLE', facts, this.#locate(chain.path)));
      return [];
    });
  }

  #unknown(middleware: string, { label, path }: TraefikLabel): readonly TraefikObject[] {
    const facts = { middleware, label, nearest: nearest(middleware, this.#defined.keys()) };
    this.#findings.push(finding('error', 'POLICY_UNKNOWN_MIDDLEWARE', facts, this.#locate(path)));
    return [];
  }
}

interface Reading extends Pick<Input, 'services' | 'locate'> {
  readonly object: TraefikObject;
  readonly findings: Finding[];
}

function rulesOf({ object, services, locate, findings }: Reading): readonly PolicyRule[] {
  const kinds = kindsOf(object);
  // Said with the definitions, which stop the work.
  if (kinds.length > 1) return [];
  return kinds.flatMap((kind) => {
    const middleware = family.get(kind);
    if (middleware === undefined) {
      findings.push(unknownKind(object, kind, locate));
      return [];
    }
    const options = new OptionReader({ object, under: kind, locate, findings });
    const rules = middleware.rules(options, services);
    options.finish();
    return rules;
  });
}

function unknownKind(object: TraefikObject, kind: string, locate: Locate): Finding {
  const [first] = object.options.values();
  const at = first && locate(first.path);
  const label = first?.label ?? '';
  const instead = unsupportedKinds.get(kind);
  if (instead !== undefined) return finding('error', 'POLICY_UNSUPPORTED', { label, instead }, at);
  return finding(
    'error',
    'POLICY_UNKNOWN_KIND',
    { label, kind, nearest: nearest(kind, [...family.keys(), 'chain']) },
    at,
  );
}
