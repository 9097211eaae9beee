import type { Service } from '#model/project.ts';
import type { Tools } from '../tools.ts';
import type { Abilities } from './abilities.ts';
import { capabilitiesOf } from './capabilities.ts';
import type { User } from './user.ts';

interface ChainInput {
  readonly service: Service;
  readonly user: User | undefined;
  readonly cwd: string;
  readonly tools: Tools;
  readonly abilities: Abilities;
}

/**
 * The programs that each replace themselves by the next, down to the instance's own arguments: working folder and
 * signals, processors, limits, user and capabilities. None of them reads or changes the environment.
 */
export function chainOf(input: ChainInput): readonly string[] {
  const { tools, cwd } = input;
  return [
    // Node ignores these two signals, and an ignored signal stays ignored across exec.
    ...[tools.env, '--default-signal=PIPE,XFSZ', `--chdir=${cwd}`, '--'],
    ...processors(input),
    ...limits(input),
    ...identity(input),
  ];
}

function processors({ service, tools }: ChainInput): readonly string[] {
  return typeof service.cpuset === 'string' && service.cpuset !== '' ? [tools.taskset, '-c', service.cpuset] : [];
}

/** Names of `ulimits` that can be honoured. */
export const knownLimits: ReadonlySet<string> = new Set([
  'as',
  'core',
  'cpu',
  'data',
  'fsize',
  'locks',
  'memlock',
  'msgqueue',
  'nice',
  'nofile',
  'nproc',
  'rss',
  'rtprio',
  'rttime',
  'sigpending',
  'stack',
]);

function limits({ service, tools }: ChainInput): readonly string[] {
  const asked = Object.entries(service.ulimits ?? {}).filter(([name]) => knownLimits.has(name));
  if (asked.length === 0) return [];
  const words = asked.map(([name, value]) => {
    const { soft, hard } = typeof value === 'number' ? { soft: value, hard: value } : value;
    return `--${name}=${limitText(soft)}:${limitText(hard)}`;
  });
  return [tools.prlimit, ...words];
}

function limitText(value: number): string {
  return value === -1 ? 'unlimited' : String(value);
}

function identity({ service, user, tools, abilities }: ChainInput): readonly string[] {
  const options = [...capabilityOptions(service, abilities), ...userOptions(user, abilities)];
  if (forbidsNewPrivileges(service)) options.push('--no-new-privs');
  return options.length === 0 ? [] : [tools.setpriv, ...options, '--'];
}

function userOptions(user: User | undefined, abilities: Abilities): readonly string[] {
  if (user === undefined || !abilities.root) return [];
  const groups = user.groups.length === 0 ? '--clear-groups' : `--groups=${user.groups.join(',')}`;
  return [`--reuid=${user.uid}`, `--regid=${user.gid}`, groups];
}

function capabilityOptions(service: Service, abilities: Abilities): readonly string[] {
  if (abilities.namespaces === 'user') return ['--bounding-set=-all', '--inh-caps=-all', '--ambient-caps=-all'];
  if (!abilities.root) return [];
  const wanted = capabilitiesOf(service);
  if (wanted === undefined) return [];
  const granted = wanted.filter((name) => abilities.capabilities.has(name));
  return [`--bounding-set=${['-all', ...granted.map((name) => `+${name}`)].join(',')}`, '--inh-caps=-all'];
}

export function forbidsNewPrivileges(service: Service): boolean {
  const options = Array.isArray(service.security_opt) ? service.security_opt.map(String) : [];
  return options.some((one) => /^no-new-privileges([:=]true)?$/.test(one));
}
