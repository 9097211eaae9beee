import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { type Finding, finding } from '#core/finding.ts';
import type { ServiceSpec } from '#model/spec.ts';
import type { Locate } from '#world/runtime.ts';
import type { Hierarchies } from './cgroups/hierarchies.ts';
import { limitsOf } from './cgroups/limits.ts';
import { honours, type Verdict } from './honoured.ts';
import type { Abilities } from './launch/abilities.ts';
import { majorOf, parseImage } from './providers/provider.ts';

interface CheckInput {
  readonly locate: Locate;
  readonly abilities: Abilities;
  readonly hierarchies: Hierarchies;
}

/** What of this service the process runtime cannot honour, and what it can only here and now not. */
export function checkSpec(spec: ServiceSpec, input: CheckInput): readonly Finding[] {
  return [
    ...attributeFindings(spec, input),
    ...environmentFindings(spec, input),
    ...mountFindings(spec, input),
    ...privilegeFindings(spec, input),
    ...limitFindings(spec, input),
    ...providerFindings(spec, input),
  ];
}

const severities = { note: 'info', harmless: 'warning', impossible: 'error' } as const;

function attributeFindings({ name, service }: ServiceSpec, { locate }: CheckInput): Finding[] {
  return Object.entries(service).flatMap(([key, value]) => {
    if (key.startsWith('x-') || value === null || value === undefined || isEmpty(value)) return [];
    const honour = honours[key];
    if (honour === undefined) {
      const at = locate(['services', name, key]);
      return [finding('error', 'RUNTIME_KEY_IMPOSSIBLE', { service: name, key, why: 'unknown' }, at)];
    }
    const verdicts: readonly Verdict[] = [honour.judge(value)].flat();
    return verdicts.flatMap((verdict): Finding[] => {
      if (verdict.kind === 'honoured') return [];
      const path = [key, ...(verdict.path ?? [])];
      const facts = { service: name, key: path.join('.'), why: verdict.why };
      const code = verdict.kind === 'impossible' ? 'RUNTIME_KEY_IMPOSSIBLE' : 'RUNTIME_KEY_HARMLESS';
      return [finding(severities[verdict.kind], code, facts, locate(['services', name, ...path]))];
    });
  });
}

/** `tty: false`, `init: false`, an empty list: the same as saying nothing. */
function isEmpty(value: unknown): boolean {
  if (value === false || value === '') return true;
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function environmentFindings({ name, environment }: ServiceSpec, { locate }: CheckInput): Finding[] {
  return Object.entries(environment).flatMap(([key, value]): Finding[] => {
    const at = locate(['services', name, 'environment', key]);
    if (key === '' || /[=\0]/.test(key)) {
      return [finding('error', 'RUNTIME_ENV_NAME', { name: JSON.stringify(key) }, at)];
    }
    return value.includes('\0') ? [finding('error', 'RUNTIME_ENV_VALUE', { name: key, problem: 'nul' }, at)] : [];
  });
}

/** Better said now, with its place, than when the first instance starts. */
function mountFindings({ name, service }: ServiceSpec, { locate }: CheckInput): Finding[] {
  return (service.volumes ?? []).flatMap((mount, index): Finding[] => {
    const { type, source, target } = mount;
    if (type !== 'bind' || source === undefined || !isAbsolute(source) || existsSync(source)) return [];
    const at = locate(['services', name, 'volumes', index, 'source']);
    return [finding('error', 'RUNTIME_BIND_MISSING', { service: name, source, target }, at)];
  });
}

function privilegeFindings({ name, service, files }: ServiceSpec, { locate, abilities }: CheckInput): Finding[] {
  const findings: Finding[] = [];
  const at = (key: string) => locate(['services', name, key]);
  if (!abilities.root) {
    for (const key of ['user', 'group_add', 'privileged'] as const) {
      const value = service[key];
      if (value === undefined || value === false || value === '' || isEmpty(value)) continue;
      if (key === 'user' && String(value).split(':')[0] === String(process.getuid?.())) continue;
      findings.push(finding('error', 'RUNTIME_NEEDS_ROOT', { service: name, key }, at(key)));
    }
  }
  if (abilities.namespaces !== 'none') return findings;
  const needs = [...(service.volumes ?? []).map((one) => one.target), ...files.map((one) => one.target)];
  if (needs.length > 0) {
    const facts = { service: name, needs: needs.join(', ') };
    return [...findings, finding('error', 'RUNTIME_NO_NAMESPACE', facts, at('volumes'))];
  }
  return [...findings, finding('warning', 'RUNTIME_NO_PRIVATE_NAMES', { service: name }, at('image'))];
}

/** Limits that the file asks for and this kernel, or our rights on it, do not allow. */
function limitFindings({ name, service }: ServiceSpec, { locate, abilities, hierarchies }: CheckInput): Finding[] {
  const limits = limitsOf(service);
  const { legacy, unified } = hierarchies;
  const has = (controller: string): boolean => legacy.has(controller) || unified?.controllers.has(controller) === true;
  const asked = [
    { what: 'memory', wanted: limits.memory, can: has('memory') },
    { what: 'cpu', wanted: limits.cpus ?? limits.cpuShares, can: has('cpu') },
    { what: 'pids', wanted: limits.processes, can: has('pids') },
    // Version 2 knows no swappiness of a group.
    { what: 'swappiness', wanted: limits.swappiness, can: legacy.has('memory') },
  ];
  const at = locate(['services', name, 'deploy']);
  return asked
    .filter(({ wanted, can }) => wanted !== undefined && !(abilities.root && can))
    .map(({ what }) => finding('warning', 'RUNTIME_LIMIT_UNAVAILABLE', { service: name, controller: what }, at));
}

function providerFindings({ name, service, source }: ServiceSpec, { locate }: CheckInput): Finding[] {
  const at = locate(['services', name, 'image']);
  if (source.kind === 'image') {
    return [finding('error', 'RUNTIME_IMAGE_UNKNOWN', { service: name, image: service.image ?? '' }, at)];
  }
  if (source.kind !== 'provider' || service.image === undefined) return [];
  const installed = source.revision.split(' ')[1] ?? '';
  const asked = parseImage(service.image).tag;
  const wanted = majorOf(asked);
  if (wanted === undefined || wanted === majorOf(installed)) return [];
  return [finding('warning', 'PROVIDER_VERSION', { service: name, image: service.image, installed }, at)];
}
