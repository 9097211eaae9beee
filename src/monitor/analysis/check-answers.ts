import type { CanaryCheck, CanaryEvidence, Demand, Verdict } from '#model/canary.ts';

/** What came back when a check was asked. */
export type CheckAnswer =
  | { readonly kind: 'answer'; readonly status: number; readonly body: string }
  | { readonly kind: 'silence'; readonly reason: string };

/** What a check's answer says of the canary. Who does not answer says nothing: that is no fault of the release. */
export function judgeAnswer(check: CanaryCheck, answer: CheckAnswer): CanaryEvidence {
  const asked = check.kind === 'prometheus' ? check.query : withoutCredentials(check.url);
  if (answer.kind === 'silence') return { kind: 'check', asked, verdict: 'inconclusive', found: answer.reason };
  const judged = check.kind === 'prometheus' ? judgePrometheus(check, answer) : judgeHttp(check, answer);
  return { kind: 'check', asked, ...judged, found: judged.found?.slice(0, shown) };
}

/** Of a value no more is kept than somebody reads. */
const shown = 200;

/** Evidence is written down and shown to everybody. */
function withoutCredentials(url: string): string {
  return url.replace(/^(https?:\/\/)[^/@]*@/, '$1');
}

interface Judged {
  readonly verdict: Verdict;
  readonly found: string | undefined;
}

type Answer = Extract<CheckAnswer, { kind: 'answer' }>;

/** The HTTP API of Prometheus: `data.result` is a scalar, or a vector whose members carry `[time, "value"]`. */
function judgePrometheus({ demand }: Extract<CanaryCheck, { kind: 'prometheus' }>, { status, body }: Answer): Judged {
  const value = prometheusValue(parse(body));
  if (status !== 200 || value === undefined)
    return { verdict: 'inconclusive', found: status === 200 ? 'no value' : `status ${status}` };
  return { verdict: meets(demand, value) ? 'pass' : 'fail', found: value };
}

function prometheusValue(answer: unknown): string | undefined {
  const result = valueAt(answer, ['data', 'result']);
  const sample = valueAt(answer, ['data', 'resultType']) === 'scalar' ? result : valueAt(result, ['0', 'value']);
  const value = valueAt(sample, ['1']);
  if (typeof value !== 'string') return undefined;
  const number = value.replace('Inf', 'Infinity');
  // Prometheus answers NaN where nothing was measured.
  return Number.isNaN(Number(number)) ? undefined : number;
}

function judgeHttp({ status, json, demand }: Extract<CanaryCheck, { kind: 'http' }>, answer: Answer): Judged {
  const isWanted = status.length > 0 ? status.includes(answer.status) : answer.status >= 200 && answer.status < 300;
  if (!isWanted) return { verdict: 'fail', found: `status ${answer.status}` };
  if (json === undefined && Object.keys(demand).length === 0)
    return { verdict: 'pass', found: `status ${answer.status}` };
  const value = json === undefined ? answer.body.trim() : valueAt(parse(answer.body), json.split('.'));
  if (value === undefined || value === null || typeof value === 'object')
    return { verdict: 'inconclusive', found: 'no value' };
  const found = String(value);
  return { verdict: meets(demand, found) ? 'pass' : 'fail', found };
}

/** A bound that is no number is not kept by a text that is none. */
function meets({ most, least, equals }: Demand, found: string): boolean {
  if (equals !== undefined && found !== equals) return false;
  const number = Number(found);
  if (most !== undefined && !(number <= most)) return false;
  return least === undefined || number >= least;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (now, key) =>
      now !== null && typeof now === 'object' && Object.hasOwn(now, key)
        ? (now as Readonly<Record<string, unknown>>)[key]
        : undefined,
    value,
  );
}
