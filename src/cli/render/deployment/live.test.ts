import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WireEvent } from '#daemon/contract.ts';
import type { Terminal } from '../../terminal.ts';
import { liveDisplay, renderRows } from './live.ts';
import { rowsOf } from './rows.ts';
import { DeploymentView } from './view.ts';

const time = '2026-11-22T10:00:00.000Z';

// biome-ignore lint/suspicious/noControlCharactersInRegex: the sequence is what is tested
const moveUp = /^\x1b\[(\d+)A$/;

/** A screen of plain text that understands the sequences of the live display. */
class Screen implements Terminal {
  readonly live = true;
  readonly interactive = false;
  readonly lines: string[] = [''];
  #row = 0;

  out(text: string): void {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the sequences are what is tested
    for (const part of text.split(/(\x1b\[\d*[AKJ]|\n|\r)/)) this.#take(part);
  }

  err(): void {}

  paint(_style: unknown, text: string): string {
    return text;
  }

  columns(): number {
    return 60;
  }

  #take(part: string): void {
    const up = moveUp.exec(part);
    if (up !== null) this.#row -= Number(up[1]);
    else if (part === '\n') this.lines[this.#row++] ??= '';
    else if (part === '\x1b[J') this.lines.length = this.#row;
    else if (part !== '\r' && part !== '\x1b[K' && part !== '') this.lines[this.#row] = part;
    assert.ok(this.#row >= 0, 'the cursor left the screen at its top');
  }
}

const services = ['web', 'worker'];

const plan: WireEvent = {
  time,
  event: 'plan',
  deployment: 'shop-1',
  from: 1,
  to: 2,
  changes: services.map((service) => ({
    service,
    action: 'replace',
    strategy: 'rolling',
    strategyReason: 'default',
    causes: [],
    pause: undefined,
  })),
  steps: services.map((service) => ({ id: `start ${service}`, service, text: `${service}: start ${service}-r2-1` })),
};

const started = (service: string): WireEvent => ({
  time,
  event: 'step-started',
  step: `start ${service}`,
  service,
  text: `${service}: start ${service}-r2-1`,
});

test('draws one line a service and draws over it; the last picture stays', () => {
  const screen = new Screen();
  const view = new DeploymentView();
  const display = liveDisplay({ terminal: screen, language: 'en', project: 'shop' });
  const events: readonly WireEvent[] = [
    plan,
    started('web'),
    { time, event: 'step-progress', step: 'start web', text: 'x'.repeat(200) },
    started('worker'),
    { time, event: 'step-done', step: 'start web', tookMs: 10 },
    { time, event: 'step-done', step: 'start worker', tookMs: 10 },
  ];
  for (const event of events) {
    view.apply(event);
    display.show(event, view);
  }
  display.finish();
  const drawn = screen.lines.slice(screen.lines.findIndex((line) => line.includes('web') && line.includes('1/1')));
  assert.deepEqual(drawn, ['✓ web     1/1', '✓ worker  1/1']);
  assert.match(screen.lines[0] ?? '', /shop: release 1 -> 2/);
  assert.ok(screen.lines.every((line) => line.length <= 60));
});

test('of very many services those that do something come first, and the rest is counted', () => {
  const view = new DeploymentView();
  const many = Array.from({ length: 40 }, (_, index) => `s${index}`);
  view.apply({ ...plan, steps: many.map((service) => ({ id: `start ${service}`, service, text: service })) });
  view.apply(started('s39'));
  const rows = rowsOf(view, 'shop');
  const lines = renderRows(rows, {
    terminal: new Screen(),
    language: 'en',
    project: 'shop',
    frame: 0,
    now: Date.parse(time),
  });
  assert.match(lines[0] ?? '', /s39 .*start s39-r2-1/);
  assert.equal(lines.at(-1), '  +24 more');
});
