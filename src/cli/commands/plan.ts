import { said } from '#core/messages/say.ts';
import type { WirePlan } from '#daemon/contract.ts';
import type { ProjectRequest } from '#engine/api.ts';
import { projectRequest } from '../client/project-request.ts';
import { type Context, command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { releaseFlags } from '../flags.ts';
import { atMost } from '../positionals.ts';
import { InvalidFile } from '../render/failure.ts';
import { renderFinding } from '../render/finding.ts';
import { labels } from '../render/labels.ts';
import { isNothing, renderPlan } from '../render/plan.ts';
import { renderSaid } from '../render/said.ts';

export const plan = command({
  usage: '[DIR | -f FILE]',
  about: {
    en: `Shows what a deployment would do to each service, and which key is the cause; changes nothing. Exit code 0: nothing
would change, 10: something would, 2: the file is invalid.`,
    es: `Muestra qué haría un despliegue con cada servicio y qué clave es la causa; no cambia nada. Código de salida 0: no
cambiaría nada, 10: cambiaría algo, 2: el archivo no es válido.`,
  },
  flags: releaseFlags,
  examples: ['timonel plan', 'timonel plan systems/documentos --json'],
  async run(context) {
    const [place] = atMost(1, context, 'plan', this.usage);
    return showPlan(context, projectRequest(context, place));
  },
});

/** Asks for the plan of `request` and shows it. Returns 0 or 10. */
export async function showPlan(context: Context, request: ProjectRequest): Promise<number> {
  const answer = await context.daemon.call<WirePlan>({
    method: 'POST',
    path: '/plans',
    body: request,
    base: request.cwd,
  });
  if (answer.findings.some((one) => one.severity === 'error')) throw new InvalidFile(answer.findings, request.cwd);
  if (context.json) context.terminal.out(`${JSON.stringify(answer)}\n`);
  else print(context, answer, request.cwd);
  return isNothing(answer) ? exitCodes.done : exitCodes.changes;
}

function print(context: Context, answer: WirePlan, base: string): void {
  const { terminal, language } = context;
  for (const one of answer.findings) terminal.err(renderFinding(one, { ...context, base }));
  if (isNothing(answer)) {
    const facts = { project: answer.project, release: answer.from ?? answer.to };
    terminal.out(renderSaid(said('CLI_PLAN_NOTHING', facts), context));
    return;
  }
  terminal.out(renderPlan(answer, context));
  const steps = answer.steps.map((step) => `  ${step}\n`).join('');
  if (steps !== '') terminal.out(`\n${terminal.paint('bold', labels.steps[language])}\n${steps}`);
  const count = answer.changes.filter((change) => change.action !== 'keep').length;
  terminal.out(`\n${renderSaid(said('CLI_PLAN_CHANGES', { count }), context)}`);
}
