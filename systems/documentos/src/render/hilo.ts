/* The body of a render thread: one request at a time, answered with the bytes of the document. */
import { parentPort } from 'node:worker_threads';
import type { Documento } from '../modelo/redaccion.ts';
import { escribirDocx } from './docx.ts';
import type { Formato } from './formatos.ts';
import { escribirOdt } from './odt.ts';
import { escribirPdf } from './pdf.ts';
import type { Pedido, Respuesta } from './trabajo.ts';

const ESCRITORES: Readonly<Record<Formato, (documento: Documento) => Uint8Array | Promise<Uint8Array>>> = {
  pdf: escribirPdf,
  docx: escribirDocx,
  odt: escribirOdt,
};

if (!parentPort) throw new Error('hilo.ts runs as a worker thread');
const puerto = parentPort;

puerto.on('message', async ({ formato, documento }: Pedido) => {
  try {
    const bytes = await ESCRITORES[formato](documento);
    puerto.postMessage({ kind: 'hecho', bytes } satisfies Respuesta, [bytes.buffer as ArrayBuffer]);
  } catch (error) {
    puerto.postMessage({ kind: 'fallo', motivo: (error as Error).message } satisfies Respuesta);
  }
});
// The first document of each kind costs ten times the next ones; it is made here, before the thread counts as ready.
const MUESTRA: Documento = { titulo: 'Muestra', parrafos: [[{ texto: 'Muestra' }]], lugarYFecha: '-', firma: '-' };
for (const escribir of Object.values(ESCRITORES)) await escribir(MUESTRA);
puerto.postMessage({ kind: 'listo' } satisfies Respuesta);
