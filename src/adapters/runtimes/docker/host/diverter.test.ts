import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderAdmissions, renderDiversions } from './diverter.ts';

const everywhere = { address: '0.0.0.0', port: 8000, via: 30_001 };
const here = { address: '127.0.0.1', port: 9000, via: 30_002 };

test('connections to every address are redirected, those to one address go to the same one', () => {
  assert.equal(renderDiversions('T', [{ ...everywhere, address: '::' }]), renderDiversions('T', [everywhere]));
  assert.equal(
    renderDiversions('T', [everywhere, here]),
    `*nat
:T - [0:0]
-A T -p tcp -m tcp --dport 8000 -m addrtype --dst-type LOCAL -j REDIRECT --to-ports 30001
-A T -d 127.0.0.1/32 -p tcp -m tcp --dport 9000 -j DNAT --to-destination 127.0.0.1:30002
COMMIT
`,
  );
});

test('what was diverted is let in, and nobody from outside who asks for the waiting port', () => {
  assert.equal(
    renderAdmissions('T', [everywhere]),
    `*filter
:T - [0:0]
-A T -p tcp -m tcp --dport 30001 -m conntrack --ctstate DNAT -j ACCEPT
-A T ! -i lo -p tcp -m tcp --dport 30001 -j DROP
COMMIT
`,
  );
});
