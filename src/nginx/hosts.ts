import { isPattern } from '#core/pattern.ts';
import type { Directive } from './parse.ts';
import { escaped, quoted } from './places.ts';
import type { Scope } from './scope.ts';

/** For whom a server answers. */
export interface Hosts {
  /** Plain names. */
  readonly names: readonly string[];
  /** Names with wildcards and expressions, as expressions. */
  readonly patterns: readonly string[];
}

/** `_`, the empty name and no name at all stand for every host. */
export function readHosts(scope: Scope): Hosts {
  const names: string[] = [];
  const patterns: string[] = [];
  for (const directive of scope.own('server_name')) {
    for (const name of directive.args) readName(name, { names, patterns, directive, scope });
  }
  return { names: [...new Set(names)], patterns };
}

interface Reading {
  readonly names: string[];
  readonly patterns: string[];
  readonly directive: Directive;
  readonly scope: Scope;
}

function readName(name: string, { names, patterns, directive, scope }: Reading): void {
  if (name === '_' || name === '' || name === '$hostname') return;
  if (name.startsWith('~')) {
    if (isPattern(name.slice(1))) patterns.push(name.slice(1));
    else scope.ledger.leave(directive, 'pattern');
  } else if (name.startsWith('.')) {
    names.push(name.slice(1));
    patterns.push(`^.+${escaped(name)}$`);
  } else if (name.includes('*')) patterns.push(`^${name.split('*').map(escaped).join('.+')}$`);
  else names.push(name.toLowerCase());
}

/** The hosts as keys of a route: `host` where plain names are enough. */
export function hostKeys({ names, patterns }: Hosts): {
  readonly host?: string | readonly string[];
  readonly rule?: string;
} {
  if (patterns.length > 0) {
    const all = [...names.map((one) => `Host(${quoted(one)})`), ...patterns.map((one) => `HostRegexp(${quoted(one)})`)];
    return { rule: all.length > 1 ? `(${all.join(' || ')})` : (all[0] ?? '') };
  }
  const [first] = names;
  if (first === undefined) return {};
  return { host: names.length === 1 ? first : names };
}

/** nginx prefers plain names to patterns, and those to no name. */
export function hostRank({ names, patterns }: Hosts): number {
  if (patterns.length > 0) return 10_000;
  return names.length > 0 ? 20_000 : -10_000;
}
