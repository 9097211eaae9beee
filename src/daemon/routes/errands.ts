import { TimonelError } from '#core/errors.ts';
import type { Language } from '#core/messages/message.ts';
import type { CommandRequest, MakeLine } from '#engine/api.ts';
import type { Attendant } from '#world/attendant.ts';
import type { WireAdoption, WireMakeLine } from '../contract.ts';
import type { Door } from '../door.ts';
import { attendedRun } from '../http/attended-run.ts';
import { type CommandOrder, readAdoptRequest, readCommandOrder, readMakeRequest } from '../http/errand-bodies.ts';
import { document, lines, type Route } from '../http/route.ts';
import { worded, wordedFinding, words } from '../worded.ts';
import { requireProject } from './projects.ts';

/**
 * `POST /projects/NAME/exec` and `/run`: a command inside a serving instance, or beside it in one of its own.
 * `POST /makes`: pulls and builds, told as lines. `POST /adoptions`: takes over what Compose started. `GET /projects/NAME/volumes`, `POST /volumes/NAME/remove`.
 */
export function errandRoutes(door: Door): readonly Route[] {
  const { engine } = door;
  const asked = async (project: string, body: unknown): Promise<CommandRequest & CommandOrder> => {
    const order = readCommandOrder(body);
    await door.recovered;
    await requireProject(engine, project);
    return { ...order, project };
  };
  return [
    {
      method: 'POST',
      path: '/projects/:project/exec',
      handle: async ({ params: { project = '' }, body }) => document(await engine.exec(await asked(project, body))),
    },
    {
      method: 'POST',
      path: '/projects/:project/run',
      // A client that leaves takes its run along.
      handle: async ({ params: { project = '' }, body, ...client }) => {
        const { attended, ...request } = await asked(project, body);
        if (attended === undefined) return document(await engine.run(request, client.gone));
        const run = (attendant: Attendant) => engine.run(request, client.gone, attendant);
        return lines(attendedRun(run, { ...client, terminal: attended.terminal }));
      },
    },
    {
      method: 'POST',
      path: '/makes',
      handle: async ({ body, gone, language }) => {
        const request = readMakeRequest(body);
        await door.recovered;
        return lines(await started(engine.make(request, gone), language));
      },
    },
    {
      method: 'POST',
      path: '/adoptions',
      handle: async ({ body, language }) => {
        const request = readAdoptRequest(body);
        await door.recovered;
        const adopted = await engine.adopt(request);
        const findings = adopted.findings.map((one) => wordedFinding(one, language));
        return document({ ...adopted, findings } satisfies WireAdoption);
      },
    },
    {
      method: 'GET',
      path: '/projects/:project/volumes',
      handle: async ({ params: { project = '' }, language }) => {
        await requireProject(engine, project);
        return document(worded(await engine.volumes(project), language));
      },
    },
    {
      method: 'POST',
      path: '/volumes/:volume/remove',
      handle: async ({ params: { volume = '' } }) => {
        await engine.removeVolume(volume);
        return document({ name: volume });
      },
    },
  ];
}

/**
 * Waits for the first line, so that a file that cannot be made is an answer of its own. A failure after that is the
 * last line.
 */
async function started(made: AsyncIterable<MakeLine>, language: Language): Promise<AsyncIterable<WireMakeLine>> {
  const iterator = made[Symbol.asyncIterator]();
  const first = await iterator.next();
  return (async function* () {
    try {
      for (let next = first; next.done !== true; next = await iterator.next()) yield next.value;
    } catch (error) {
      if (!(error instanceof TimonelError)) throw error;
      yield { error: words(error.said, language) };
    }
  })();
}
