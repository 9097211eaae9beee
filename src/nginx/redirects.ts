import { groupsOf, isPattern, mostGroups } from '#core/pattern.ts';
import type { Directive } from './parse.ts';
import { isRedirect } from './paths.ts';
import type { RouteSetting } from './route.ts';
import type { Scope } from './scope.ts';

export interface Redirect {
  readonly directive: Directive;
  /** As it is written, for telling a mere change to HTTPS. */
  readonly target: string;
  readonly setting: NonNullable<RouteSetting['redirect']>;
}

/** The redirect that a block answers every request with; undefined when it does something else. */
export function redirectOf(scope: Scope, serverName: string | undefined): Redirect | undefined {
  for (const directive of scope.own('return', 'rewrite')) {
    if (directive.name === 'rewrite' ? !isRedirect(directive) : !isRedirectCode(directive)) continue;
    const found = directive.name === 'return' ? returned(directive, serverName) : rewritten(directive, serverName);
    if (found !== undefined) return found;
    scope.ledger.leave(directive, 'value');
  }
  return undefined;
}

function isRedirectCode({ args: [code = '', target] }: Directive): boolean {
  return /^https?:|^\$/.test(code) || (/^30[12378]$/.test(code) && target !== undefined);
}

/** A whole URL in parts: scheme, host, port, path, query. */
const url = '^(https?)://([^/:?]+)(:[0-9]+)?([^?]*)([?].*)?$';

function returned(directive: Directive, serverName: string | undefined): Redirect | undefined {
  const [code = '', ...rest] = directive.args;
  const target = rest[0] ?? code;
  const to = template(target, serverName);
  const permanent = code === '301' || code === '308';
  return to === undefined ? undefined : { directive, target, setting: { from: url, to, permanent } };
}

/** The variables that a URL tells; undefined when another one is used. */
function template(target: string, serverName: string | undefined): string | undefined {
  const values: Readonly<Record<string, string>> = {
    scheme: '${1}',
    host: '${2}',
    server_name: serverName ?? '${2}',
    http_host: '${2}${3}',
    request_uri: '${4}${5}',
    uri: '${4}',
    is_args$args: '${5}',
  };
  let isKnown = true;
  const text = target.replaceAll(/\$\{?(is_args\$args|\w+)\}?/g, (_, name: string) => {
    if (values[name] === undefined) isKnown = false;
    return values[name] ?? '';
  });
  if (!isKnown) return undefined;
  return text.startsWith('/') ? `\${1}://\${2}\${3}${text}` : text;
}

/** A pattern on the path becomes one on the whole URL; its groups move by three, and the query goes along. */
function rewritten(directive: Directive, serverName: string | undefined): Redirect | undefined {
  const [pattern = '', replacement = '', flag] = directive.args;
  if (!isPattern(pattern)) return undefined;
  const groups = groupsOf(pattern).length;
  // Those of the scheme, the host, the port and the query come around them.
  if (groups + 4 > mostGroups) return undefined;
  const moved = replacement.replaceAll(/\$\{?([1-9])\}?/g, (_, group: string) => `\uE000${Number(group) + 3}\uE000`);
  const dropsQuery = moved.endsWith('?');
  const to = template(dropsQuery ? moved.slice(0, -1) : moved, serverName);
  if (to === undefined) return undefined;
  const start = pattern.startsWith('^') ? pattern.slice(1) : `[^?]*?${pattern}`;
  const end = start.endsWith('$') ? start.slice(0, -1) : `${start}[^?]*`;
  const query = `\${${groups + 4}}`;
  return {
    directive,
    target: replacement,
    setting: {
      from: `^(https?)://([^/:?]+)(:[0-9]+)?${end}([?].*)?$`,
      to: `${to.replaceAll(/\uE000(\d+)\uE000/g, '${$1}')}${dropsQuery ? '' : query}`,
      permanent: flag === 'permanent',
    },
  };
}

/** Does the target only ask for the same thing over HTTPS, at one of these hosts? */
export function isOnlyHttps(target: string, hosts: readonly string[]): boolean {
  const [, host, rest] = /^https:\/\/([^/]+?)(\$request_uri|\$uri\$is_args\$args|\$uri|\/\$1)?$/.exec(target) ?? [];
  if (host === undefined || rest === undefined) return false;
  return ['$host', '$server_name', '$http_host', ...hosts].includes(host);
}
