import type { BreakerExpression } from '#model/policy.ts';
import { ExpressionError, parseBreakerExpression } from './breaker-expression.ts';
import { hasBody } from './errors.ts';
import type { Middleware } from './middleware.ts';
import type { OptionReader } from './option-reader.ts';

/** https://doc.traefik.io/traefik/middlewares/http/circuitbreaker/ */
export const circuitBreaker: Middleware = {
  words: ['circuitbreaker'],
  rules(options) {
    const text = options.required('expression');
    const checkPeriodMs = options.duration('checkperiod') ?? 100;
    const fallbackMs = options.duration('fallbackduration') ?? 10_000;
    const recoveryMs = options.duration('recoveryduration') ?? 10_000;
    const status = options.whole('responsecode') ?? 503;
    if (!hasBody(status)) options.refuse('responsecode', 'a status from 200 to 599 that has a body');
    const expression = text === undefined ? undefined : readExpression(options, text);
    return expression === undefined
      ? []
      : [{ kind: 'breaker', expression, checkPeriodMs, fallbackMs, recoveryMs, status }];
  },
};

function readExpression(options: OptionReader, text: string): BreakerExpression | undefined {
  try {
    return parseBreakerExpression(text);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return options.badExpression('expression', error.message, error.column);
  }
}
