import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccessLine } from '#model/metrics.ts';
import { processTerminal, withoutColour } from '../terminal.ts';
import { accessRenderer } from './access-line.ts';

test('what a client sent moves no cursor and sets no title', () => {
  const line: AccessLine = {
    ...{ time: '2026-11-30T15:09:11.953Z', client: '127.0.0.1', method: 'GET', status: 400, ms: 0, bytesIn: 1 },
    ...{ bytesOut: 1, ended: 'answered', code: '--', host: 'a\u001b]0;hi\u0007b\u009b', path: '/caf\u00e9' },
  };
  const text = accessRenderer(withoutColour(processTerminal({})))(line);
  assert.match(text, /GET a\\x1b\]0;hi\\x07b\\x9b\/caf\u00e9/);
});
