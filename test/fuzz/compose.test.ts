import assert from 'node:assert/strict';
import process from 'node:process';
import test from 'node:test';
import { Worker } from 'node:worker_threads';
import type { FuzzRun, Told } from './compose-worker.ts';

/*
 * Whatever a user writes, the loader answers: it never throws, never hangs, and every finding has a place. Golden cases
 * are changed at random; FUZZ_SEED and FUZZ_LOADS choose another run, and a failure prints the seed and the input.
 */

const seed = Number(process.env.FUZZ_SEED ?? 20_261_122);
const loads = Number(process.env.FUZZ_LOADS ?? 6000);
/** A load that takes this long hangs: the slowest of these inputs takes some 50 ms. */
const patienceMs = 10_000;

test(`${loads} mutated Compose projects are answered (FUZZ_SEED=${seed})`, async (t) => {
  const run: FuzzRun = { seed, loads };
  const worker = new Worker(new URL('./compose-worker.ts', import.meta.url), { workerData: run });
  try {
    const outcome = await watch(worker);
    assert.equal(outcome.wrong.length, 0, `FUZZ_SEED=${seed}:\n${outcome.wrong.slice(0, 5).map(render).join('\n\n')}`);
    assert.equal(outcome.loads, loads);
    // Were all of them refused, nothing past the parser would have been tried.
    assert.ok(outcome.accepted > loads / 20, `only ${outcome.accepted} of ${loads} were accepted`);
    t.diagnostic(`${outcome.loads} loads, ${outcome.accepted} accepted, seed ${seed}`);
  } finally {
    await worker.terminate();
  }
});

interface Outcome {
  readonly wrong: readonly Extract<Told, { kind: 'wrong' }>[];
  readonly loads: number;
  readonly accepted: number;
}

/** Follows the worker to its end; rejects, naming the input, when one load does not come to an end. */
function watch(worker: Worker): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const wrong: Extract<Told, { kind: 'wrong' }>[] = [];
    let last: Told | undefined;
    let timer = setTimeout(stuck, patienceMs * 3);
    function stuck(): void {
      reject(new Error(`FUZZ_SEED=${seed}: no end within ${patienceMs} ms of\n${JSON.stringify(last, undefined, 2)}`));
    }
    worker.on('message', (told: Told) => {
      clearTimeout(timer);
      if (told.kind === 'end') return resolve({ wrong, loads: told.loads, accepted: told.accepted });
      timer = setTimeout(stuck, patienceMs);
      last = told;
      if (told.kind === 'wrong') wrong.push(told);
    });
    worker.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
  });
}

function render({ number, input, why }: Extract<Told, { kind: 'wrong' }>): string {
  return `load ${number} (${input.title}): ${why}\n${JSON.stringify(input.files, undefined, 2)}`;
}
