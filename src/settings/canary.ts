import type {
  CanaryAnalysis,
  CanaryCheck,
  CanaryMatch,
  CanaryStep,
  CanarySticky,
  Demand,
  Measure,
  Threshold,
} from '#model/canary.ts';
import type { Strategy } from '#model/spec.ts';
import type { CanarySettings } from './canary-schema.ts';

type Canary = Extract<Strategy, { kind: 'canary' }>;

const pauseDefaultMs = 60_000;
const stepsDefault = [5, 25, 50, 100];
const cookieDefault = 'timonel_canary';
const cookieAgeDefaultMs = 3_600_000;

/** What is judged where the file names no measure: an outage, and a slowness that people feel. */
const thresholdsDefault: readonly Threshold[] = [
  { measure: 'error-ratio', most: 0.05 },
  { measure: 'p95', timesStable: 2, floor: 100 },
];

const analysisDefault: CanaryAnalysis = {
  intervalMs: 15_000,
  minRequests: 50,
  thresholds: thresholdsDefault,
  checks: [],
  inconclusive: { forMs: 600_000, action: 'fail' },
};

/** A canary with everything that the file leaves open. `strategy: canary` alone is enough. */
export function resolveCanary(given: CanarySettings): Canary {
  const sticky = stickyOf(given.sticky);
  return {
    kind: 'canary',
    steps: stepsOf(given),
    routing: { match: matchesOf(given.match), ...(sticky === undefined ? {} : { sticky }) },
    analysis: analysisOf(given.analysis),
  };
}

function stepsOf({ steps = stepsDefault, pause }: Pick<CanarySettings, 'steps' | 'pause'>): readonly CanaryStep[] {
  const usual = pauseOf(pause) ?? pauseDefaultMs;
  const resolved = steps.map((one) =>
    typeof one === 'number'
      ? { percent: one, pause: usual }
      : { percent: one.weight, pause: pauseOf(one.pause) ?? usual },
  );
  return [...resolved.filter((one) => one.percent < 100), { percent: 100, pause: 0 }];
}

function pauseOf(given: number | 'forever' | undefined): CanaryStep['pause'] | undefined {
  return given === 'forever' ? 'promoted' : given;
}

function matchesOf(given: CanarySettings['match']): readonly CanaryMatch[] {
  return (['header', 'cookie'] as const).flatMap((kind) =>
    Object.entries(given?.[kind] ?? {}).map(([name, value]) => ({ kind, name, value })),
  );
}

function stickyOf(given: CanarySettings['sticky']): CanarySticky | undefined {
  if (given === undefined || given === false) return undefined;
  const { cookie = cookieDefault, maxAge = cookieAgeDefaultMs } = given === true ? {} : given;
  return { cookie, maxAgeSeconds: Math.max(1, Math.round(maxAge / 1000)) };
}

type GivenAnalysis = Exclude<CanarySettings['analysis'], undefined | false>;

function analysisOf(given: CanarySettings['analysis']): CanaryAnalysis {
  if (given === false) return { ...analysisDefault, thresholds: [] };
  if (given === undefined) return analysisDefault;
  const { inconclusive } = analysisDefault;
  return {
    intervalMs: Math.max(1000, given.interval ?? analysisDefault.intervalMs),
    minRequests: given.minRequests ?? analysisDefault.minRequests,
    thresholds: thresholdsOf(given),
    checks: (given.checks ?? []).map(checkOf),
    inconclusive: {
      forMs: given.inconclusive?.for ?? inconclusive.forMs,
      action: given.inconclusive?.action ?? inconclusive.action,
    },
  };
}

/** What the file says of a measure takes the place of the default for that measure; the others stay. */
function thresholdsOf(given: GivenAnalysis): readonly Threshold[] {
  const chosen = [
    thresholdOf('error-ratio', given.errorRatio),
    thresholdOf('p50', given.p50),
    thresholdOf('p95', given.p95),
    thresholdOf('p99', given.p99),
  ].filter((one) => one !== undefined);
  const kept = thresholdsDefault.filter((one) => !chosen.some(({ measure }) => measure === one.measure));
  return [...kept, ...chosen];
}

type Bound = GivenAnalysis['p95'];

function thresholdOf(measure: Measure, given: Bound): Threshold | undefined {
  if (given === undefined) return undefined;
  if (typeof given === 'number') return { measure, most: given };
  const { max, timesStable, floor } = given;
  return {
    measure,
    ...(max === undefined ? {} : { most: max }),
    ...(timesStable === undefined ? {} : { timesStable }),
    ...(floor === undefined ? {} : { floor }),
  };
}

type GivenCheck = NonNullable<GivenAnalysis['checks']>[number];

function checkOf(given: GivenCheck): CanaryCheck {
  const demand: Demand = {
    ...(given.max === undefined ? {} : { most: given.max }),
    ...(given.min === undefined ? {} : { least: given.min }),
    ...('equals' in given && given.equals !== undefined ? { equals: String(given.equals) } : {}),
  };
  if ('prometheus' in given)
    return { kind: 'prometheus', url: given.prometheus.replace(/\/+$/, ''), query: given.query, demand };
  const { status = [] } = given;
  return {
    kind: 'http',
    url: given.http,
    status: typeof status === 'number' ? [status] : status,
    ...(given.json === undefined ? {} : { json: given.json }),
    demand,
  };
}
