import { resolve } from 'node:path';
import { reasonOf } from '#core/errors.ts';
import { type Finding, finding } from '#core/finding.ts';
import type { Balance, Match, Route, Tls } from '#model/route.ts';
import { resolveAuthority } from '#settings/acme.ts';
import type { AddedPolicy } from './added-policy.ts';
import { hostName } from './matchers.ts';
import type { NamedServices } from './named-services.ts';
import { inspectPolicy } from './policy-inspection.ts';
import type { RoutingInput } from './routes.ts';
import { parseRule } from './rule.ts';
import { ruleText } from './rule-text.ts';
import { type RouteSetting, settingsPolicy } from './settings-policy.ts';

/** The routes that `x-timonel.route` asks for. */
export function settingsRoutes(
  input: RoutingInput,
  services: NamedServices,
): {
  readonly routes: Route[];
  /** What it says without a match of its own. */
  readonly added: readonly AddedPolicy[];
  readonly balance: Balance | undefined;
  readonly findings: readonly Finding[];
} {
  const settings: readonly RouteSetting[] = input.settings.route === undefined ? [] : [input.settings.route].flat();
  const findings: Finding[] = [];
  const added: AddedPolicy[] = [];
  const many = Array.isArray(input.settings.route);
  const routes = settings.flatMap((setting, index) => {
    const path = ['services', input.service, 'x-timonel', 'route', ...(many ? [index] : [])];
    const report = (one: (at: ReturnType<typeof input.locate>) => Finding, key?: string) =>
      findings.push(one(input.locate(key === undefined ? path : [...path, key])));
    return settingRoute({ input, services, setting, path, name: nameOf(input.service, index), report, added });
  });
  return { routes, added, balance: settings.find((one) => one.balance !== undefined)?.balance, findings };
}

interface One {
  readonly input: RoutingInput;
  readonly services: NamedServices;
  readonly setting: RouteSetting;
  readonly path: readonly (string | number)[];
  readonly name: string;
  readonly report: (one: (at: ReturnType<RoutingInput['locate']>) => Finding, key?: string) => void;
  /** Grows by the policy of a setting that has no match. */
  readonly added: AddedPolicy[];
}

function settingRoute({ input, services, setting, path, name, report, added }: One): Route[] {
  const { project, service, locate } = input;
  if (setting.protocol === 'tcp') {
    if (setting.host !== undefined || setting.path !== undefined || setting.rule !== undefined) {
      report((at) => finding('error', 'ROUTE_TCP_MATCH', { service }, at));
    }
    return [];
  }
  const refuseHost = (host: string, key: string) => report((at) => finding('error', 'ROUTE_HOST', { host }, at), key);
  const match = matchOf(setting, {
    host: (host) => refuseHost(host, 'host'),
    rule: (reason) => report((at) => finding('error', 'ROUTE_RULE', { label: 'x-timonel.route', reason }, at), 'rule'),
  });
  // Only what it says about the port: published ports carry it, the edge does not.
  const at = locate(path);
  const { policy, findings } = settingsPolicy({ setting, path, services, locate });
  const problems = [...findings, ...inspectPolicy({ policy, route: name, at })];
  for (const problem of problems) report(() => problem);
  if (match === undefined) {
    if (policy !== undefined) added.push({ policy, at });
    return [];
  }
  const port = setting.port ?? onlyPort(input);
  if (port === undefined) {
    report((at) => finding('error', 'ROUTE_NO_PORT', { service, route: name }, at));
    return [];
  }
  const tls = tlsOf(setting, input, refuseHost);
  const priority = setting.priority ?? ruleText(match).length;
  return [
    {
      ...{ name, project, service, port, match, priority, tls, entries: setting.entries ?? entriesOf(tls) },
      ...(policy === undefined ? {} : { policy }),
    },
  ];
}

function nameOf(service: string, index: number): string {
  return index === 0 ? service : `${service}-${index + 1}`;
}

interface Refuse {
  host(host: string): void;
  rule(reason: string): void;
}

function matchOf(setting: RouteSetting, refuse: Refuse): Match | undefined {
  const hosts = hostNames(listOf(setting.host), refuse.host).map((name): Match => ({ kind: 'host', name }));
  const paths = listOf(setting.path).map(below);
  const parts = [anyOf(hosts), anyOf(paths), ruleOf(setting.rule, refuse)].filter((one) => one !== undefined);
  return parts.length > 1 ? { kind: 'all', of: parts } : parts[0];
}

function hostNames(written: readonly string[], refuse: (host: string) => void): readonly string[] {
  return written.flatMap((text) => {
    try {
      return [hostName(text)];
    } catch {
      refuse(text);
      return [];
    }
  });
}

function ruleOf(rule: string | undefined, refuse: Refuse): Match | undefined {
  if (rule === undefined) return undefined;
  try {
    return parseRule(rule);
  } catch (error) {
    refuse.rule(reasonOf(error));
    return undefined;
  }
}

function anyOf(of: readonly Match[]): Match | undefined {
  return of.length > 1 ? { kind: 'any', of } : of[0];
}

/** `/api` takes `/api` and `/api/x` but not `/apix`. */
function below(prefix: string): Match {
  if (prefix.endsWith('/')) return { kind: 'path-prefix', prefix };
  return {
    kind: 'any',
    of: [
      { kind: 'path', path: prefix },
      { kind: 'path-prefix', prefix: `${prefix}/` },
    ],
  };
}

function listOf<T>(value: T | readonly T[] | undefined): readonly T[] {
  return value === undefined ? [] : ([value].flat() as readonly T[]);
}

/** The service's only port that speaks HTTP, or its only port. */
export function onlyPort({ endpoints }: RoutingInput): number | undefined {
  const http = endpoints.filter((one) => one.protocol === 'http');
  const candidates = http.length > 0 ? http : endpoints;
  return candidates.length === 1 ? candidates[0]?.port : undefined;
}

function tlsOf(
  { tls }: RouteSetting,
  { directory = '/', authority = resolveAuthority(undefined, directory) }: RoutingInput,
  refuse: (host: string, key: string) => void,
): Tls {
  if (tls === undefined || tls === false) return { kind: 'none' };
  if (tls === true) return { kind: 'self-signed' };
  if ('acme' in tls) {
    const names = hostNames(tls.names ?? [], (host) => refuse(host, 'tls'));
    const domains = names.length > 0 ? { domains: [names] } : {};
    return tls.acme ? { kind: 'acme', authority, ...domains } : { kind: 'self-signed', ...domains };
  }
  return { kind: 'file', certificate: resolve(directory, tls.certificate), key: resolve(directory, tls.key) };
}

function entriesOf(tls: Tls): readonly ('http' | 'https')[] {
  return tls.kind === 'none' ? ['http'] : ['https'];
}
