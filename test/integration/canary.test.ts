import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { CanaryEvidence } from '#model/canary.ts';
import { type AppOptions, type AppProject, appProject } from '../support/app-project.ts';
import { type EventLine, endOf, eventsOf, timeOf } from '../support/events.ts';
import { freshHome, type Home } from '../support/home.ts';
import { type LoadReport, renderReport, startLoad } from '../support/load.ts';

/*
 * A canary that decides by itself: real processes behind a real proxy under load. Each kind of bad release is let in at
 * a fifth of the requests and must be found out within one interval of the analysis; a good one must pass; too little
 * traffic is an answer of its own. Clients see nothing but the canary's own answers.
 */

const percent = 20;
const intervalMs = 5000;
/** To look once a second, to go back, and for a machine that is busy. */
const slackMs = 4000;

const strategy = `
        kind: canary
        steps: [${percent}%, 50%]
        pause: 5s
        analysis:
          interval: ${intervalMs}ms
          minRequests: 50
          p95: { timesStable: 2, floor: 50ms }
          inconclusive: { for: 3s }`;

interface Judged {
  readonly code: number;
  readonly events: readonly EventLine[];
  readonly end: EventLine;
  readonly report: LoadReport;
  /** Answers that came from the new release. */
  readonly seen: number;
  /** Milliseconds from its first share to the verdict that sent it back. */
  readonly verdictMs: number;
  /** Of all answers from its first share to its withdrawal, percent. */
  readonly share: number;
}

interface Trial {
  readonly old?: AppOptions['env'];
  readonly young: AppOptions['env'];
  readonly pauseMs?: Parameters<typeof startLoad>[0]['pauseMs'];
}

/** Deploys `old`, then `young` as a canary under load, and tells it all. */
async function judge(
  t: TestContext,
  home: Home,
  app: AppProject,
  { old = {}, young, pauseMs }: Trial,
): Promise<Judged> {
  const first = await app.deploy({ strategy, env: { ...old, VERSION: 1 } });
  assert.equal(endOf(first).state, 'succeeded', first.stdout);
  const load = startLoad({
    ...{ address: '127.0.0.1', port: home.httpPort, host: app.host },
    // Only what may be sent again: an instance that dies takes what it has with it.
    workers: { 'keep-alive': 2, think: 4, fresh: 2 },
    ...(pauseMs === undefined ? {} : { pauseMs }),
  });
  const samples: { readonly at: number; readonly requests: number }[] = [];
  const sampling = setInterval(() => samples.push({ at: Date.now(), requests: load.requests() }), 20);
  try {
    await until(() => load.requests() >= (pauseMs === undefined ? 100 : 8));
    const stable = new Set(load.answering(0));
    const result = await app.deploy({ strategy, env: { ...young, VERSION: 2 } });
    const report = await load.stop();
    const events = eventsOf(result);
    const from = timeOf(events, (one) => one.event === 'step-done' && one.step === 'route:web:1');
    const failed = timeOf(events, (one) => one.event === 'step-failed');
    const seen = Object.entries(report.byInstance)
      .filter(([instance]) => !stable.has(instance))
      .reduce((sum, [, count]) => sum + count, 0);
    const verdictMs = failed - from;
    const during = samples.filter(({ at }) => at >= from && at <= failed).map((one) => one.requests);
    const share = (100 * seen) / ((during.at(-1) ?? 0) - (during[0] ?? 0));
    if (Number.isFinite(verdictMs) && during.length > 0)
      t.diagnostic(
        `verdict after ${verdictMs} ms; ${seen} requests saw the new release, ${share.toFixed(1)} % of those until then; ` +
          `${report.failures.length} of ${report.requests} requests failed: ${endOf(result).reason}`,
      );
    return { code: result.code, events, end: endOf(result), report, seen, verdictMs, share };
  } finally {
    clearInterval(sampling);
    await load.stop();
  }
}

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  for (const giveUp = Date.now() + 60_000; !(await isTrue()); ) {
    assert.ok(Date.now() < giveUp, 'waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function assertSentBack(
  { code, end, verdictMs, share, report }: Judged,
  budget: { readonly share?: number } = {},
): void {
  assert.deepEqual([code, end.state, end.release], [5, 'rolled-back', 1], JSON.stringify(end));
  assert.ok(verdictMs <= intervalMs + slackMs, `the verdict took ${verdictMs} ms`);
  assert.ok(share <= (budget.share ?? percent * 1.25), `${share} % saw the new release\n${renderReport(report)}`);
}

function evidenceOf(end: EventLine): readonly CanaryEvidence[] {
  return (end.evidence as { readonly analysis?: readonly CanaryEvidence[] } | undefined)?.analysis ?? [];
}

test('500 for one request in ten', async (t) => {
  await using home = await freshHome();
  const app = appProject(home);
  const judged = await judge(t, home, app, { young: { FAIL_SHARE: 0.1 } });
  assertSentBack(judged);
  assert.match(String(judged.end.reason), /error ratio/);
  const failures = judged.report.failures.filter((one) => one.what !== 'status 500');
  assert.deepEqual(failures, []);
  assert.ok(judged.report.failures.length <= judged.seen * 0.1 + 1, 'a failure that is not the canary’s own');
  const [first] = evidenceOf(judged.end).filter((one) => one.verdict === 'fail');
  assert.ok(first?.kind === 'threshold' && first.measure === 'error-ratio' && (first.canary ?? 0) > 0.05);
  const status = await home.status(app.name);
  assert.deepEqual([status.state, status.release, status.canaries], ['healthy', 1, undefined]);
  assert.ok(status.services[0]?.instances.every((one) => one.release === 1));
});

test('three times slower', async (t) => {
  await using home = await freshHome();
  const app = appProject(home);
  const judged = await judge(t, home, app, { old: { DELAY_MS: 60 }, young: { DELAY_MS: 180 } });
  assertSentBack(judged);
  assert.match(String(judged.end.reason), /p95/);
  assert.deepEqual(judged.report.failures, []);
});

test('leaks until it dies', async (t) => {
  await using home = await freshHome();
  const app = appProject(home);
  const young = { LEAK_KB: 400, NODE_OPTIONS: '--max-old-space-size=64' };
  const judged = await judge(t, home, app, { young });
  assertSentBack(judged);
  assert.deepEqual(judged.report.failures, [], renderReport(judged.report));
});

test('healthy: every share, then the whole, and nothing fails', async (t) => {
  await using home = await freshHome();
  const app = appProject(home);
  const judged = await judge(t, home, app, { young: {} });
  assert.deepEqual(
    [judged.code, judged.end.state, judged.end.release],
    [0, 'succeeded', 2],
    JSON.stringify(judged.end),
  );
  assert.deepEqual(judged.report.failures, [], renderReport(judged.report));
  const shares = judged.events.flatMap((one) =>
    one.event === 'canary' ? [(one.canary as { percent: number }).percent] : [],
  );
  assert.deepEqual([...new Set(shares)], [20, 50]);
  const status = await home.status(app.name);
  assert.deepEqual([status.state, status.services[0]?.healthy], ['healthy', 2]);
  assert.ok(status.services[0]?.instances.every((one) => one.release === 2));
});

test('too little traffic: inconclusive is an answer', async (t) => {
  await using home = await freshHome();
  const app = appProject(home);
  const rare = { 'keep-alive': 4000, think: 4000, fresh: 4000 };
  const judged = await judge(t, home, app, { young: {}, pauseMs: rare });
  assert.deepEqual([judged.code, judged.end.state], [5, 'rolled-back'], JSON.stringify(judged.end));
  assert.equal(judged.end.reasonCode, 'CANARY_INCONCLUSIVE');
  assert.match(String(judged.end.reason), /50 of each are needed/);
  assert.deepEqual(judged.report.failures, []);
});
