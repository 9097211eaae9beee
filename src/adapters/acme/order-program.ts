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

/** How often the authority is asked how far it is: soon at first, for a minute and a half in all. */
const looks = { backoffAttempts: 10, backoffMin: 500, backoffMax: 15_000 };

/** More than an order with this many names takes, all looks included: the library goes round in circles on some answers. */
const mostRequests = (names: number) => 100 + 50 * names;
/** Longer than any chain of certificates. */
const mostBytes = 1 << 20;

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

async function place({ names, directory, email, challenge, account }: Order) {
  const { default: acme } = await import('acme-client');
  listen(acme.axios);
  bound(acme.axios, mostRequests(names.length));
  const client = new acme.Client({
    ...{ directoryUrl: directory, accountKey: account.key, ...looks },
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
    { commonName: names[0] ?? '', altNames: [...names] },
    await acme.crypto.createPrivateEcdsaKey('P-256'),
  );
  const placed = await client.createOrder({ identifiers: names.map((value) => ({ type: 'dns', value })) });
  const open = (await client.getAuthorizations(placed)).filter((one) => one.status !== 'valid');
  await answerAll(client, await Promise.all(open.map((one) => question(client, one, challenge))));
  const issued = await client.finalizeOrder(placed, csr);
  return { certificate: await client.getCertificate(issued), key: key.toString() };
}

type Client = import('acme-client').Client;
type Authorization = import('acme-client').Authorization;

/** What the authority asks about one name, and what it is to see. */
interface Question {
  readonly about: Authorization;
  readonly asked: Authorization['challenges'][number];
  readonly answer: string;
}

async function question(client: Client, about: Authorization, challenge: Order['challenge']): Promise<Question> {
  const asked = about.challenges.find((one) => one.type === challenge);
  if (asked === undefined)
    throw new Error(`the authority offers no ${challenge} challenge for ${about.identifier.value}`);
  return { about, asked, answer: await client.getChallengeKeyAuthorization(asked) };
}

/**
 * Shows all answers before the authority looks for the first: a name and its wildcard are asked about at the same DNS
 * record, and a resolver that has seen one of its values may keep to it for a while.
 */
async function answerAll(client: Client, questions: readonly Question[]): Promise<void> {
  const shown: Question[] = [];
  const open = new Set(questions);
  try {
    for (const one of questions) {
      shown.push(one);
      await arrange({ kind: 'answer', ...wordsFor(one) });
    }
    for (const one of questions) {
      await client.completeChallenge(one.asked);
      open.delete(one);
    }
    for (const { asked } of questions) await client.waitForValidStatus(asked);
  } finally {
    // Authorities allow a number of open questions only.
    for (const { about } of open) await client.deactivateAuthorization(about).catch(reasonOf);
    for (const one of shown) await arrange({ kind: 'withdraw', ...wordsFor(one) }).catch(reasonOf);
  }
}

function wordsFor({ about, asked, answer }: Question) {
  return { host: about.identifier.value, token: asked.token, answer };
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

function bound(axios: typeof import('acme-client')['axios'], most: number): void {
  axios.defaults.maxContentLength = mostBytes;
  let asked = 0;
  axios.interceptors.request.use((config) => {
    asked += 1;
    if (asked > most) throw new Error(`the authority's answers lead nowhere, given up after ${most} requests`);
    return config;
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
