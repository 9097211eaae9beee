import type { Pieces, RuleContext, RuleOf } from './pieces.ts';

export function timeout({ answerMs, silenceMs }: RuleOf<'timeout'>, { when }: RuleContext): Pieces {
  return {
    request: [
      ...(answerMs === undefined ? [] : [`http-request set-timeout server ${Math.ceil(answerMs)}ms if ${when}`]),
      ...(silenceMs === undefined ? [] : [`http-request set-timeout tunnel ${Math.ceil(silenceMs)}ms if ${when}`]),
    ],
  };
}
