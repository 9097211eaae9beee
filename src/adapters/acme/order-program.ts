import { once } from 'node:events';
import { reasonOf } from '#core/errors.ts';
import type { FromOrder, ToOrder } from './order-words.ts';

/*
 * Places one order (RFC 8555, section 7.4) and ends. It is a process of its own because the libraries take 40 MB, which
 * an idle daemon must not keep. It ends with its parent.
 */

type Order = Extract<ToOrder, { readonly kind: 'order' }>;

/** Longest text of the authority that is passed on. */
const reasonLength = 500;

/** What the authority said beside its answers. */
const heard: { waitMs?: number; accountIsUnknown?: boolean } = {};

process.once('disconnect', () => process.exit(1));
tell({ kind: 'ready' });
const order = (await hear()) as Order;
try {
  await requireAnswer(order.directory);
  tell({ kind: 'issued', ...(await place(order)) });
} catch (error) {
  if (heard.accountIsUnknown === true) tell({ kind: 'account', url: undefined });
  const waiting = heard.waitMs === undefined ? {} : { notBeforeMs: heard.waitMs };
  tell({ kind: 'failed', reason: wordsOf(error).slice(0, reasonLength), ...waiting });
}

/** Asked once by ourselves: of a connection that cannot be made the library says nothing that helps. */
async function requireAnswer(directory: string): Promise<void> {
  try {
    const answer = await fetch(directory, { signal: AbortSignal.timeout(30_000) });
    await answer.body?.cancel();
  } catch (error) {
    throw error instanceof Error && error.cause instanceof Error ? error.cause : error;
  }
}

async function place({ host, directory, email, challenge, account }: Order) {
  const { default: acme } = await import('acme-client');
  listen(acme.axios);
  const client = new acme.Client({
    ...{ directoryUrl: directory, accountKey: account.key },
    ...(account.url === undefined ? {} : { accountUrl: account.url }),
  });
  if (account.url === undefined) {
    await client.createAccount({
      termsOfServiceAgreed: true,
      ...(email === undefined ? {} : { contact: [`mailto:${email}`] }),
    });
    tell({ kind: 'account', url: client.getAccountUrl() });
  }
  const [key, csr] = await acme.crypto.createCsr(
    { commonName: host, altNames: [host] },
    await acme.crypto.createPrivateEcdsaKey('P-256'),
  );
  const certificate = await client.auto({
    ...{ csr, termsOfServiceAgreed: true, challengePriority: [challenge], skipChallengeVerification: true },
    challengeCreateFn: async (_authorization, asked, answer) => {
      if (asked.type !== challenge) throw new Error(`the authority offers no ${challenge} challenge for ${host}`);
      await arrange({ kind: 'answer', token: asked.token, answer });
    },
    challengeRemoveFn: async (_authorization, asked, answer) => {
      if (asked.type === challenge) await arrange({ kind: 'withdraw', token: asked.token, answer });
    },
  });
  return { certificate, key: key.toString() };
}

/** Our parent arranges for the answer to be seen, or tells why it cannot. */
async function arrange(word: FromOrder): Promise<void> {
  const answered = hear();
  tell(word);
  const answer = await answered;
  if (answer.kind === 'done' && answer.reason !== undefined) throw new Error(answer.reason);
}

/** The library would wait and try again by itself; when to try again is decided elsewhere, with more in sight. */
function listen(axios: typeof import('acme-client')['axios']): void {
  const settings = Reflect.get(axios.defaults, 'acmeSettings') as { retryMaxAttempts?: number } | undefined;
  if (settings !== undefined) settings.retryMaxAttempts = 0;
  axios.defaults.timeout = 30_000;
  axios.interceptors.response.use((response) => {
    const seconds = Number(response.headers['retry-after']);
    if ((response.status === 429 || response.status === 503) && seconds > 0) heard.waitMs = seconds * 1000;
    // RFC 8555, section 6.7.
    const { type } = (response.data ?? {}) as { readonly type?: unknown };
    if (type === 'urn:ietf:params:acme:error:accountDoesNotExist') heard.accountIsUnknown = true;
    return response;
  });
}

/** The library stumbles over a connection that breaks. */
function wordsOf(error: unknown): string {
  if (error instanceof TypeError) return 'the authority broke off the connection';
  return reasonOf(error);
}

function tell(word: FromOrder): void {
  process.send?.(word);
}

async function hear(): Promise<ToOrder> {
  const [word] = (await once(process, 'message')) as [ToOrder];
  return word;
}
