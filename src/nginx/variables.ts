import type { Directive } from './parse.ts';
import type { Scope } from './scope.ts';

/** Values of nginx variables that the file itself gives: by `set`, and the default of a `map`. */
export class Variables {
  readonly #values: ReadonlyMap<string, string>;

  constructor(values: ReadonlyMap<string, string> = new Map()) {
    this.#values = values;
  }

  /** These and what `set` says in the block. */
  with(scope: Scope): Variables {
    const set = scope.own('set').map(({ args: [name = '', value = ''] }) => [name.slice(1), value] as const);
    return set.length === 0 ? this : new Variables(new Map([...this.#values, ...set]));
  }

  /** The text with every known variable replaced. */
  expand(text: string): string {
    let now = text;
    // A value may name another variable; a few rounds are enough for any that ends.
    for (let round = 0; round < 5; round++) {
      const next = now.replace(/\$\{(\w+)\}|\$(\w+)/g, (whole, braced?: string, bare?: string) => {
        return this.#values.get(braced ?? bare ?? '') ?? whole;
      });
      if (next === now) break;
      now = next;
    }
    return now;
  }
}

/** The variables that `map` makes, at the value for which no case is written; the cases are reported. */
export function mapDefaults(http: Scope): Variables {
  const upstreams = new Set(http.own('upstream').map((one) => one.args[0] ?? ''));
  const values = http.own('map').map((map) => {
    const cases = map.block ?? [];
    if (!isForWebsockets(map)) {
      const chooses = cases.some((one) => upstreams.has(one.args[0] ?? ''));
      http.ledger.leave(map, chooses ? 'map-upstreams' : 'map');
    }
    http.ledger.takeWhole(map);
    return [map.args[1]?.slice(1) ?? '', cases.find((one) => one.name === 'default')?.args[0] ?? ''] as const;
  });
  return new Variables(new Map(values.filter(([name]) => name !== 'connection_upgrade')));
}

/** The usual `map $http_upgrade $connection_upgrade`; the proxy passes upgrades on by itself. */
function isForWebsockets({ args }: Directive): boolean {
  return args[0] === '$http_upgrade';
}
