import { lookup } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeWhole } from '#adapters/haproxy/whole-file.ts';
import { factsOf, fits, joinPair } from '#balancer/pem.ts';
import { fail, reasonOf } from '#core/errors.ts';
import type { CertificateFacts } from '#model/certificate.ts';
import type { AnswerChallenge, Authorities, CertificateOrder } from '#world/authorities.ts';
import { accountWith, rememberAccount } from './account.ts';
import { AttemptsFile } from './attempts.ts';
import { runHook } from './dns-hook.ts';
import { acmeFolder, issuedFile } from './issued.ts';
import type { FromOrder } from './order-words.ts';
import { runOrder } from './run-order.ts';

/** The certificate authorities as this home knows them. */
export function createAuthorities({ home }: { readonly home: string }): Authorities {
  const folder = acmeFolder(home);
  const attempts = new AttemptsFile(join(folder, 'attempts.json'));
  const fileOf = ({ host, authority }: CertificateOrder) => issuedFile(folder, host, authority.directory);
  return {
    issued: (order) => readFacts(fileOf(order), order.names),
    order: async (order, answer, signal) => {
      await requireAddress(order);
      const pem = await obtain({ order, folder, answer, signal });
      await mkdir(dirname(fileOf(order)), { recursive: true, mode: 0o700 });
      await writeWhole(fileOf(order), pem);
      return factsOf(pem);
    },
    attempts: () => attempts.all(),
    setAttempts: (key, value) => attempts.set(key, value),
  };
}

function readFacts(file: string, names: readonly string[]): CertificateFacts | undefined {
  try {
    const pem = readFileSync(file, 'utf8');
    return joinPair(pem, pem) !== '' && names.every((name) => fits(pem, name)) ? factsOf(pem) : undefined;
  } catch {
    // Absent, torn or foreign is as good as none, as is one for fewer names: it is ordered.
    return undefined;
  }
}

/**
 * A name that nobody can find fails at the authority too, and counts against its limits. A private authority may look
 * names up in its own way, and one that is asked by DNS needs no address.
 */
async function requireAddress({ names, authority }: CertificateOrder): Promise<void> {
  if (authority.ca !== undefined || authority.challenge.kind === 'dns-01') return;
  for (const host of names) {
    await lookup(host).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOTFOUND') throw fail('CERTIFICATE_NO_ADDRESS', { host }, { cause: error });
    });
  }
}

interface Obtaining {
  readonly order: CertificateOrder;
  readonly folder: string;
  readonly answer: AnswerChallenge;
  readonly signal: AbortSignal;
}

async function obtain({ order: { host, names, authority }, folder, answer, signal }: Obtaining): Promise<string> {
  const { directory, email, challenge, ca } = authority;
  const arrange = async (word: Extract<FromOrder, { readonly kind: 'answer' | 'withdraw' }>) => {
    if (challenge.kind === 'http-01') return answer(word.token, word.kind === 'answer' ? word.answer : undefined);
    const action = word.kind === 'answer' ? 'present' : 'cleanup';
    try {
      await runHook(action, { host: word.host, value: word.answer }, { ...challenge, signal });
    } catch (error) {
      hookFailure ??= fail('CERTIFICATE_HOOK_FAILED', {
        host: word.host,
        hook: challenge.hook.join(' '),
        reason: reasonOf(error),
      });
      throw hookFailure;
    }
  };
  let hookFailure: Error | undefined;
  const account = accountWith(folder, directory);
  const placed = { ...({ kind: 'order', names, directory } as const), challenge: challenge.kind, account };
  const end = await runOrder({
    order: email === undefined ? placed : { ...placed, email },
    ...{ ca, arrange, signal },
    registered: (url) => rememberAccount(folder, directory, url),
  });
  if (end.kind === 'issued') return joinPair(end.certificate, end.key);
  if (hookFailure !== undefined) throw hookFailure;
  throw fail('CERTIFICATE_ORDER_FAILED', {
    ...{ host, authority: new URL(directory).host, reason: end.reason },
    ...(end.notBeforeMs === undefined ? {} : { notBeforeMs: end.notBeforeMs }),
  });
}
