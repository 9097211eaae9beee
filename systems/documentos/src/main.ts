import { runService, startOrExit } from '@timonel/kit/run.ts';
import { crearDocumentos } from './documentos.ts';
import { settingsFrom } from './settings.ts';

await startOrExit(async () => {
  const settings = settingsFrom(process.env, process.pid);
  const service = await crearDocumentos(settings);
  service.app.log.info({ context: settings.context, mock: settings.mock, version: settings.version }, 'starting');
  await runService(service, {
    host: settings.host,
    port: settings.port,
    stopTimeoutMs: settings.stop.timeoutMs,
    stopLingerMs: settings.stop.lingerMs,
  });
});
