import assert from 'node:assert/strict';
import { test } from 'node:test';
import { said } from '#core/messages/say.ts';
import { worded, wordedFinding } from './worded.ts';

const reason = said('DAEMON_UNKNOWN_DEPLOYMENT', { id: 'shop-3' });

test('a member that is a message becomes its text, with code and hint beside it', () => {
  assert.deepEqual(worded({ id: 'shop-3', reason }, 'es'), {
    id: 'shop-3',
    reason: 'no existe el despliegue shop-3',
    reasonCode: 'DAEMON_UNKNOWN_DEPLOYMENT',
    reasonHint: 'vea el último: timonel status',
  });
});

test('a message in a list becomes an object, deep inside as well', () => {
  assert.deepEqual(worded({ services: [{ warnings: [reason] }] }, 'en'), {
    services: [
      {
        warnings: [
          {
            code: 'DAEMON_UNKNOWN_DEPLOYMENT',
            message: 'there is no deployment shop-3',
            hint: 'see the last one: timonel status',
          },
        ],
      },
    ],
  });
});

test('plain data stays as it is, also where it looks a little like a message', () => {
  const data = { code: 5, facts: {}, nested: { code: 'NO_SUCH_CODE', facts: {} }, list: [1, null, 'x', undefined] };
  assert.deepEqual(worded(data, 'en'), data);
});

test('a finding keeps its place', () => {
  const at = { file: 'compose.yaml', line: 3, column: 5, path: 'services.web' };
  assert.deepEqual(wordedFinding({ severity: 'warning', said: reason, at }, 'en'), {
    severity: 'warning',
    code: 'DAEMON_UNKNOWN_DEPLOYMENT',
    message: 'there is no deployment shop-3',
    hint: 'see the last one: timonel status',
    at,
  });
});
