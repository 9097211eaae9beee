import { runService, startOrExit } from '@timonel/kit/run.ts';
import { crearPadron } from './padron.ts';
import { padronSettingsFrom } from './settings.ts';

await startOrExit(async () => {
  const settings = padronSettingsFrom(process.env, process.pid);
  const { host, port, stopTimeoutMs } = settings;
  await runService(crearPadron(settings), { host, port, stopTimeoutMs });
});
