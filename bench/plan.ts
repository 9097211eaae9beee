/**
 * How long it takes to plan a project of 1,000 services and 5,000 instances, of which every tenth service changed, and
 * one in which all did; and to plan that nothing changed.
 *
 *   ./timonel --node bench/plan.ts [--runs 9]
 *
 * The first run of each is a cold one, as in a CLI that plans once; it counts together with the others by their median.
 */
import { parseArgs } from 'node:util';
import type { Release } from '#model/release.ts';
import type { ServiceSpec } from '#model/spec.ts';
import { planDeployment } from '#rollout/plan.ts';
import { servingObserved } from '../test/support/observed.ts';
import { hostRoute, makeRelease, makeSpec } from '../test/support/specs.ts';
import { type Figure, printFigures } from './figures.ts';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '9' } } });
const services = 1000;
const replicas = 5;
const budgetMs = 200;

const before = projectOf(1, () => 'v1');
const observed = servingObserved(before);
const targets = {
  'nothing changed': before,
  'every tenth service changed': projectOf(2, (index) => (index % 10 === 0 ? 'v2' : 'v1')),
  'every service changed': projectOf(2, () => 'v2'),
};

const figures: Figure[] = [];
for (const [name, target] of Object.entries(targets)) {
  const times = Array.from({ length: Number(values.runs) }, () => measure(target));
  figures.push({ name: `${name}, median`, value: median(times), unit: 'ms', budget: budgetMs });
  figures.push({ name: `${name}, first run`, value: times[0] ?? 0, unit: 'ms' });
}
printFigures(`Planning ${services} services, ${services * replicas} instances`, figures);

function measure(target: Release): number {
  const begun = performance.now();
  planDeployment({
    kind: 'deploy',
    target,
    current: before,
    observed,
    force: new Set(),
    lastOrdinals: {},
    readyMs: {},
    isNew: target !== before,
    takenPorts: new Set(),
  });
  return performance.now() - begun;
}

/** Ten layers of services, each depending on one of the layer below. */
function projectOf(number: number, codeOf: (index: number) => string): Release {
  const specs = Array.from({ length: services }, (_, index): ServiceSpec => {
    const name = `service-${index}`;
    const below = index - services / 10;
    return makeSpec(name, {
      code: codeOf(index),
      replicas,
      routes: [hostRoute(name, `${name}.test`)],
      environment: Object.fromEntries(Array.from({ length: 20 }, (_one, key) => [`VARIABLE_${key}`, `value ${key}`])),
      dependsOn: below >= 0 ? { [`service-${below}`]: { condition: 'service_healthy' } } : {},
    });
  });
  return makeRelease(number, specs);
}

function median(list: readonly number[]): number {
  return list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN;
}
