import { isAddressRange } from '#core/address-range.ts';
import { isHeaderName } from '#core/header-name.ts';
import { nearest } from '#core/nearest.ts';
import { isPattern } from '#core/pattern.ts';
import type { Match } from '#model/route.ts';

type Arguments = readonly string[];

/**
 * One matcher of a Traefik rule. Several values mean any of them, as version 2 has it.
 *
 * @throws SyntaxError for an unknown name or wrong arguments
 */
export function matcher(name: string, values: Arguments): Match {
  const make = matchers[name.toLowerCase()];
  if (make === undefined) {
    const close = nearest(name, displayNames);
    throw new SyntaxError(`unknown matcher ${name}${close ? `; did you mean ${close}?` : ''}`);
  }
  if (values.length === 0) throw new SyntaxError(`${name} needs a value`);
  return make(values);
}

const displayNames = [
  ...['Host', 'HostRegexp', 'Path', 'PathPrefix', 'PathRegexp', 'Method', 'Header', 'HeaderRegexp', 'Query'],
  ...['QueryRegexp', 'ClientIP'],
];

const matchers: Readonly<Record<string, (values: Arguments) => Match>> = {
  host: each(hostMatch),
  hostheader: each(hostMatch),
  hostregexp: each((text) => ({ kind: 'host-regexp', pattern: whole(text, '[^.]+') ?? regexp(text) })),
  path: each((path) => {
    const pattern = whole(path, '[^/]+');
    return pattern === undefined ? { kind: 'path', path: absolute(path) } : { kind: 'path-regexp', pattern };
  }),
  pathprefix: each((prefix) => {
    const pattern = whole(prefix, '[^/]+');
    return pattern === undefined
      ? { kind: 'path-prefix', prefix: absolute(prefix) }
      : { kind: 'path-regexp', pattern: pattern.slice(0, -1) };
  }),
  pathregexp: each((pattern) => ({ kind: 'path-regexp', pattern: regexp(pattern) })),
  method: each((method) => ({ kind: 'method', method: token(method.toUpperCase()) })),
  clientip: each((range) => ({ kind: 'client-ip', range: addressRange(range) })),
  header: pair((name, value) => ({ kind: 'header', name: token(name), value })),
  // Version 2 takes an empty value for any.
  headers: pair((name, value) =>
    value === ''
      ? { kind: 'header-regexp', name: token(name), pattern: '.*' }
      : { kind: 'header', name: token(name), value },
  ),
  headerregexp: pair((name, pattern) => ({ kind: 'header-regexp', name: token(name), pattern: regexp(pattern) })),
  headersregexp: pair((name, pattern) => ({ kind: 'header-regexp', name: token(name), pattern: regexp(pattern) })),
  query: (values) =>
    values.every((value) => value.includes('='))
      ? allOf(values.map(joinedQuery))
      : pair((name, value): Match => ({ kind: 'query', name: token(name), value }))(
          values.length === 1 ? [...values, ''] : values,
        ),
  queryregexp: pair((name, pattern) => ({ kind: 'query-regexp', name: token(name), pattern: regexp(pattern) })),
};

/** `**.example.org` takes every depth of names; `*.example.org` one label, as certificates do. */
function hostMatch(name: string): Match {
  if (!name.startsWith('**.')) return { kind: 'host', name: hostName(name) };
  return { kind: 'host-regexp', pattern: `^.+\\.${escaped(hostName(name.slice(3)))}$` };
}

/** `a=b` of version 2, where the value may have patterns too and an empty one stands for any. */
function joinedQuery(text: string): Match {
  const [, name = '', value = ''] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
  const pattern = value === '' ? '.*' : whole(value, '.*');
  return pattern === undefined
    ? { kind: 'query', name: token(name), value }
    : { kind: 'query-regexp', name: token(name), pattern };
}

function each(make: (value: string) => Match): (values: Arguments) => Match {
  return (values) => anyOf(values.map(make));
}

function pair(make: (name: string, value: string) => Match): (values: Arguments) => Match {
  return ([name, value, ...rest]) => {
    if (name === undefined || value === undefined || rest.length > 0) {
      throw new SyntaxError('a header or query matcher takes a name and a value');
    }
    return make(name, value);
  };
}

function anyOf(of: readonly Match[]): Match {
  return of.length === 1 ? (of[0] as Match) : { kind: 'any', of };
}

function allOf(of: readonly Match[]): Match {
  return of.length === 1 ? (of[0] as Match) : { kind: 'all', of };
}

/**
 * Version 2 writes `{name:pattern}` inside hosts and paths. The whole text as one anchored pattern, or undefined when
 * it has no such part.
 */
function whole(text: string, free: string): string | undefined {
  const part = /\{([A-Za-z][\w-]*)(?::((?:[^{}]|\{[^{}]*\})*))?\}/g;
  if (text.search(part) < 0) return undefined;
  let pattern = '^';
  let end = 0;
  for (const match of text.matchAll(part)) {
    pattern += `${escaped(text.slice(end, match.index))}(?:${match[2] ?? free})`;
    end = match.index + match[0].length;
  }
  return regexp(`${pattern}${escaped(text.slice(end))}$`);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function regexp(pattern: string): string {
  if (!isPattern(pattern)) throw new SyntaxError(`bad regular expression "${pattern}"`);
  return printable(pattern);
}

/** A host name in lower case. Commas and spaces are mistakes, never part of a name. */
export function hostName(text: string): string {
  const name = text.trim().replace(/\.$/, '').toLowerCase();
  if (!/^(?=.{1,253}$)(\*\.)?[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/.test(name)) {
    throw new SyntaxError(`"${text}" is not one host name`);
  }
  return name;
}

function absolute(path: string): string {
  if (!path.startsWith('/')) throw new SyntaxError(`path "${path}" must begin with /`);
  return printable(path);
}

function token(name: string): string {
  if (!isHeaderName(name)) throw new SyntaxError(`"${name}" is no header, method or query name`);
  return name;
}

function addressRange(text: string): string {
  if (!isAddressRange(text)) throw new SyntaxError(`"${text}" is no address range`);
  return text;
}

function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must be kept out
  if (/[\u0000-\u001f\u007f]/.test(text)) throw new SyntaxError('control characters are not allowed');
  return text;
}
