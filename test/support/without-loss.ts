import assert from 'node:assert/strict';
import { type LoadOptions, renderReport, startLoad } from './load.ts';
import { until } from './until.ts';

/** Does `work` under load and fails unless every request, of `least` at least, was answered well. */
export async function withoutLoss(
  options: LoadOptions,
  work: () => Promise<void>,
  { least = 200 }: { readonly least?: number } = {},
): Promise<void> {
  const load = startLoad(options);
  try {
    await work();
    // Work that is done at once was followed by too little to say anything.
    await until('there was enough load', async () => load.requests() > least || undefined);
  } finally {
    const report = await load.stop();
    console.log(renderReport(report));
    assert.deepEqual(report.failures, [], renderReport(report));
    assert.ok(report.requests > least, `only ${report.requests} requests`);
  }
}
