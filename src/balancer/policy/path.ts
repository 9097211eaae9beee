import { quote } from '../quote.ts';
import { groupsOf, substitution } from './go-pattern.ts';
import type { Pieces, RuleContext, RuleOf } from './pieces.ts';
import { escapePattern, literal } from './text.ts';

/** `/api/x` becomes `/x` and `/api` becomes `/`, but `/apix` stays: a prefix ends where a part of the path ends. */
export function stripPrefix({ prefixes }: RuleOf<'strip-prefix'>, { when }: RuleContext): Pieces {
  const isFirst = '!{ var(txn.prefix) -m found }';
  return {
    request: [
      `http-request unset-var(txn.prefix) if ${when}`,
      ...prefixes
        .map((given) => given.replace(/\/$/, ''))
        .map(
          (prefix) =>
            `http-request set-var(txn.prefix) str(${quote(prefix)}) if ${when} ${isFirst} { path -m reg -- ${quote(`^${escapePattern(prefix)}(/|$)`)} }`,
        ),
      `http-request set-header X-Forwarded-Prefix %[var(txn.prefix)] if ${when} { var(txn.prefix) -m found }`,
      ...prefixes
        .map((given) => given.replace(/\/$/, ''))
        .map(
          (prefix) =>
            `http-request replace-path ${quote(`^${escapePattern(prefix)}/?(.*)$`)} /\\1 if ${when} { var(txn.prefix) -m str -- ${quote(prefix)} }`,
        ),
    ],
  };
}

export function stripPrefixRegex({ patterns }: RuleOf<'strip-prefix-regex'>, { when }: RuleContext): Pieces {
  return {
    request: patterns.flatMap((pattern) => {
      const matches = `{ path -m reg -- ${quote(`^(?:${pattern})`)} }`;
      const rest = groupsOf(pattern).length + 2;
      return [
        `http-request set-header X-Forwarded-Prefix %[path] if ${when} ${matches}`,
        `http-request replace-header X-Forwarded-Prefix ${quote(`^(${pattern}).*$`)} \\1 if ${when} ${matches}`,
        `http-request replace-path ${quote(`^(${pattern})/?(.*)$`)} /\\${rest} if ${when} ${matches}`,
      ];
    }),
  };
}

export function addPrefix({ prefix }: RuleOf<'add-prefix'>, { when }: RuleContext): Pieces {
  return { request: [`http-request set-path ${quote(`${prefix.replaceAll('%', '%%')}%[path]`)} if ${when}`] };
}

export function replacePath({ path }: RuleOf<'replace-path'>, { when }: RuleContext): Pieces {
  return {
    request: [
      `http-request set-header X-Replaced-Path %[path] if ${when}`,
      `http-request set-path ${literal(path)} if ${when}`,
    ],
  };
}

export function replacePathRegex(rule: RuleOf<'replace-path-regex'>, { when }: RuleContext): Pieces {
  const change = substitution(rule.pattern, rule.replacement);
  if (change === undefined) return {};
  const matches = `{ path -m reg -- ${quote(rule.pattern)} }`;
  return {
    request: [
      `http-request set-header X-Replaced-Path %[path] if ${when} ${matches}`,
      `http-request replace-path ${quote(change.pattern)} ${quote(change.replacement)} if ${when} ${matches}`,
    ],
  };
}
