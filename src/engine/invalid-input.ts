import { TimonelError } from '#core/errors.ts';
import type { Finding } from '#core/finding.ts';
import { said } from '#core/messages/say.ts';

/** The user's files do not say something that can be run; `findings` say what and where. Nothing was changed. */
export class InvalidInput extends TimonelError {
  readonly findings: readonly Finding[];

  constructor(findings: readonly Finding[]) {
    const errors = findings.filter((one) => one.severity === 'error').length;
    super(said('INPUT_INVALID', { errors }));
    this.findings = findings;
  }
}
